package ai.irmb.internal.network;

import ai.irmb.block.Attribute;
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
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The network that a specification stands for, as upstream's {@code parse_model} would build it.
 * Immutable.
 *
 * @param tree the modules, the layers under the child {@code model}
 * @param layers the table
 */
public record NetworkDeclaration(ModuleTree tree, List<LayerSummary> layers) {
  /** The largest networks have some thousand; layers and repeats multiply. */
  private static final int MAX_MODULES = 20_000;

  /** Copies the list. */
  public NetworkDeclaration {
    layers = List.copyOf(layers);
  }

  /**
   * {@return the network}
   *
   * @param kind which {@code Bottleneck} it has
   * @param keys of the weights that it is for; empty for none
   * @throws ModelConfigException if a row cannot be built
   */
  public static NetworkDeclaration of(
      ModelConfig spec, BlockRegistry registry, BottleneckKind kind, Set<String> keys) {
    List<Integer> channels = new ArrayList<>();
    Map<String, ModuleTree> layers = new LinkedHashMap<>();
    List<LayerSummary> rows = new ArrayList<>();
    int modules = 0;
    for (LayerConfig layer : spec.layers()) {
      Predicate<String> weights = key -> keys.contains("model." + layer.index() + "." + key);
      List<Integer> inputs =
          layer.sources().stream().map(s -> s < 0 ? spec.channels() : channels.get(s)).toList();
      LayerDeclaration declared =
          declare(registry, new YamlLayerArguments(spec, layer, inputs, kind, weights));
      channels.add(declared.outChannels());
      boolean sequence = layer.repeats() > 1 && !declared.takesRepeats();
      ModuleTree module =
          sequence
              ? TorchModules.sequential(Collections.nCopies(layer.repeats(), declared.module()))
              : declared.module();
      modules += ModuleTrees.count(module, MAX_MODULES - modules);
      if (modules >= MAX_MODULES) {
        throw new ModelConfigException(
            layer.position().in(spec.source())
                + ": layer "
                + layer.index()
                + ": the network has more modules than the limit of "
                + MAX_MODULES
                + "; its layers are repeated too often");
      }
      layers.put(String.valueOf(layer.index()), withPosition(module, layer));
      rows.add(
          new LayerSummary(
              layer.index(),
              layer.from(),
              layer.fromList(),
              layer.repeats(),
              ModuleTrees.parameters(module),
              declared.module().className(),
              declared.arguments()));
    }
    checkHead(spec);
    TorchModules.Builder sequential = TorchModules.of("torch.nn.modules.container.Sequential");
    layers.forEach(sequential::child);
    ModuleTree root =
        TorchModules.of("models.yolo.DetectionModel").child("model", sequential.build()).build();
    return new NetworkDeclaration(root, rows);
  }

  private static LayerDeclaration declare(BlockRegistry registry, YamlLayerArguments arguments) {
    try {
      return Head.isHead(arguments.module())
          ? Head.declare(arguments)
          : registry.declare(arguments);
    } catch (IllegalArgumentException e) {
      throw arguments.error(String.valueOf(e.getMessage()));
    }
  }

  private static void checkHead(ModelConfig spec) {
    for (LayerConfig layer : spec.layers()) {
      boolean last = layer.index() == spec.layers().size() - 1;
      if (last != Head.isHead(layer.module())) {
        throw new ModelConfigException(
            layer.position().in(spec.source())
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
    if (spec.layers().isEmpty()) {
      throw new ModelConfigException(spec.source() + ": it has no layers");
    }
  }

  /** The module with its index and sources, in the attributes that YOLOv5 adds to each layer. */
  private static ModuleTree withPosition(ModuleTree module, LayerConfig layer) {
    Map<String, Attribute> attributes = new LinkedHashMap<>(module.attributes());
    Attribute from =
        Attribute.listOf(layer.from().stream().mapToLong(Integer::longValue).toArray());
    attributes.put("i", Attribute.of(layer.index()));
    attributes.put("f", layer.fromList() ? from : from.elements().get(0));
    return module.withAttributes(attributes);
  }
}
