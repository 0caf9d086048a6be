package ai.irmb.internal.network;

import ai.irmb.block.Attribute;
import ai.irmb.block.LayerArguments;
import ai.irmb.block.LayerDeclaration;
import ai.irmb.block.ModuleTree;
import ai.irmb.block.TorchModules;
import ai.irmb.error.ModelConfigException;
import ai.irmb.internal.block.BlockRegistry;
import ai.irmb.internal.block.Head;
import ai.irmb.internal.block.YamlLayerArguments;
import ai.irmb.internal.config.BottleneckKind;
import ai.irmb.internal.config.LayerConfig;
import ai.irmb.internal.config.ModelConfig;
import ai.irmb.internal.error.Quoting;
import ai.irmb.internal.weights.StateDict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The modules that YOLOv5's {@code parse_model} would create for a model YAML. Immutable.
 *
 * @param tree the modules, the layers under the child {@code model}
 * @param layers the rows of the summary
 */
public record NetworkDeclaration(ModuleTree tree, List<LayerSummary> layers) {
  /**
   * The largest networks have some thousand modules; this bounds the product of layers and repeats.
   */
  private static final int MAX_MODULES = 20_000;

  /** More than any memory holds; this bounds the sums of their number. */
  private static final long MAX_PARAMETERS = 1L << 50;

  /** Copies the list. */
  public NetworkDeclaration {
    layers = List.copyOf(layers);
  }

  /**
   * {@return the declaration of a network without weights}
   *
   * @throws ModelConfigException if a layer cannot be declared
   */
  static NetworkDeclaration withoutWeights(ModelConfig config, BlockRegistry registry) {
    requireModules(config, registry);
    return of(config, registry, BottleneckResolver.declared(config), Set.of());
  }

  /**
   * {@return the declaration of a network, where the keys of its weights decide between variants}
   *
   * @throws ModelConfigException if a layer cannot be declared
   */
  static NetworkDeclaration of(ModelConfig config, BlockRegistry registry, StateDict weights) {
    requireModules(config, registry);
    return of(config, registry, BottleneckResolver.of(config, weights), weights.tensors().keySet());
  }

  /** Checks all names before anything else, since an unknown block causes other errors. */
  private static void requireModules(ModelConfig config, BlockRegistry registry) {
    for (LayerConfig layer : config.layers()) {
      if (!Head.isHead(layer.module())) {
        registry.requireName(
            new YamlLayerArguments(
                config, layer, List.of(), BottleneckKind.STANDARD, key -> false));
      }
    }
  }

  private static NetworkDeclaration of(
      ModelConfig config, BlockRegistry registry, BottleneckKind kind, Set<String> keys) {
    List<Integer> channels = new ArrayList<>();
    Map<String, ModuleTree> layers = new LinkedHashMap<>();
    List<LayerSummary> summaries = new ArrayList<>();
    Set<ModuleTree> counted = ModuleTrees.identitySet();
    ModuleTree shared = null;
    int modules = 0;
    long parameters = 0;
    for (LayerConfig layer : config.layers()) {
      Predicate<String> weights = key -> keys.contains("model." + layer.index() + "." + key);
      requireEarlierSources(config, layer);
      List<Integer> inputs =
          layer.sources().stream().map(s -> s < 0 ? config.channels() : channels.get(s)).toList();
      YamlLayerArguments arguments = new YamlLayerArguments(config, layer, inputs, kind, weights);
      LayerDeclaration declared = declare(registry, arguments);
      channels.add(declared.outChannels());
      boolean sequence = layer.repeats() > 1 && !declared.takesRepeats();
      ModuleTree module =
          sequence
              ? TorchModules.sequential(Collections.nCopies(layer.repeats(), declared.module()))
              : declared.module();
      modules += ModuleTrees.count(module, MAX_MODULES - modules);
      if (modules >= MAX_MODULES) {
        throw new ModelConfigException(
            layer.position().in(config.source())
                + ": layer "
                + layer.index()
                + ": the network has more modules than the limit of "
                + MAX_MODULES
                + "; its layers are repeated too often");
      }
      if (config.activation().isPresent()) {
        shared = shared == null ? arguments.defaultActivation() : shared;
        module = ModuleTrees.withShared(module, shared);
      }
      long own = parameters(module, layer, config);
      if (own > MAX_PARAMETERS - parameters) {
        throw tooManyParameters(layer, config);
      }
      parameters += own;
      layers.put(String.valueOf(layer.index()), withPosition(module, layer));
      summaries.add(
          new LayerSummary(
              layer.index(),
              layer.from(),
              layer.isFromList(),
              layer.repeats(),
              own,
              ModuleTrees.parameters(module, counted),
              declared.module().className(),
              declared.arguments()));
    }
    checkHead(config);
    TorchModules.Builder sequential = TorchModules.of("torch.nn.modules.container.Sequential");
    layers.forEach(sequential::child);
    ModuleTree root =
        TorchModules.of("models.yolo.DetectionModel").child("model", sequential.build()).build();
    return new NetworkDeclaration(root, summaries);
  }

  private static void requireEarlierSources(ModelConfig config, LayerConfig layer) {
    int index = layer.index();
    for (int from : layer.from()) {
      int source = from < 0 ? index + from : from;
      boolean image = index == 0 && from == -1;
      if (!image && (source < 0 || source >= index)) {
        throw new ModelConfigException(
            layer.position().in(config.source())
                + ": layer "
                + index
                + " reads from "
                + from
                + ", which is not a layer before it; expected "
                + (index == 0 ? "-1" : "0 to " + (index - 1) + ", or -1 to -" + index));
      }
    }
  }

  private static LayerDeclaration declare(BlockRegistry registry, YamlLayerArguments arguments) {
    LayerDeclaration declared;
    try {
      if (Head.isHead(arguments.module())) {
        return Head.declare(arguments);
      }
      declared = registry.declare(arguments);
    } catch (IllegalArgumentException e) {
      throw arguments.error(String.valueOf(e.getMessage()));
    } catch (ArithmeticException e) {
      throw arguments.error("its sizes are too large: " + e.getMessage());
    }
    if (declared.outChannels() > LayerArguments.MAX_CHANNELS) {
      throw arguments.error(
          "its output has "
              + declared.outChannels()
              + " channels, more than the limit of "
              + LayerArguments.MAX_CHANNELS);
    }
    return declared;
  }

  private static long parameters(ModuleTree module, LayerConfig layer, ModelConfig config) {
    try {
      return ModuleTrees.parameters(module, ModuleTrees.identitySet());
    } catch (ArithmeticException e) {
      throw tooManyParameters(layer, config);
    }
  }

  private static ModelConfigException tooManyParameters(LayerConfig layer, ModelConfig config) {
    return new ModelConfigException(
        layer.position().in(config.source())
            + ": layer "
            + layer.index()
            + ": the network has more parameters than the limit of "
            + MAX_PARAMETERS);
  }

  private static void checkHead(ModelConfig config) {
    for (LayerConfig layer : config.layers()) {
      boolean last = layer.index() == config.layers().size() - 1;
      if (last != Head.isHead(layer.module())) {
        throw new ModelConfigException(
            layer.position().in(config.source())
                + ": layer "
                + layer.index()
                + " ("
                + Quoting.escapeName(layer.module())
                + "): "
                + (last
                    ? "the last layer has to be Detect or Segment"
                    : "a head has to be the last layer"));
      }
    }
    if (config.layers().isEmpty()) {
      throw new ModelConfigException(config.source() + ": it has no layers");
    }
  }

  /** The module with its index and sources, in the attributes that YOLOv5 adds to each layer. */
  private static ModuleTree withPosition(ModuleTree module, LayerConfig layer) {
    Map<String, Attribute> attributes = new LinkedHashMap<>(module.attributes());
    Attribute from =
        Attribute.listOf(layer.from().stream().mapToLong(Integer::longValue).toArray());
    attributes.put("i", Attribute.of(layer.index()));
    attributes.put("f", layer.isFromList() ? from : from.elements().get(0));
    return module.withAttributes(attributes);
  }
}
