package ai.irmb.internal.network;

import ai.irmb.block.Attribute;
import ai.irmb.block.Attribute.IntAttribute;
import ai.irmb.block.Attribute.ListAttribute;
import ai.irmb.block.ModuleTree;
import ai.irmb.error.ModelConfigException;
import ai.irmb.error.WeightsException;
import ai.irmb.internal.block.BlockRegistry;
import ai.irmb.internal.block.FoldedNetwork;
import ai.irmb.internal.checkpoint.Checkpoint;
import ai.irmb.internal.config.BottleneckKind;
import ai.irmb.internal.config.ModelConfig;
import ai.irmb.internal.head.PixelAnchors;
import ai.irmb.internal.limit.LimitMessages;
import ai.irmb.internal.weights.StateDict;
import ai.irmb.limit.Limit;
import ai.irmb.limit.Limits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Specifications and checkpoints → models. */
public final class ModelAssembly {
  private static final Logger LOG = LoggerFactory.getLogger(ModelAssembly.class);

  private ModelAssembly() {}

  /**
   * {@return the model that a YAML describes, without weights: it can be summarized, not run}
   *
   * @throws ModelConfigException if it cannot be built
   */
  public static Model describe(ModelConfig spec, BlockRegistry registry) {
    NetworkDeclaration declared =
        NetworkDeclaration.of(spec, registry, BottleneckResolver.declared(spec), Set.of());
    StateDict none = new StateDict(spec.source(), Map.of());
    try {
      Network network = Network.read(declared.tree(), none, registry, spec.channels());
      return new Model(
          network,
          declared.layers(),
          spec.channels(),
          names(Map.of(), network),
          network.strides(),
          List.of(),
          null);
    } catch (WeightsException e) {
      throw new ModelConfigException(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * {@return the model in a checkpoint}
   *
   * @param spec the YAML that was given along, or null
   * @throws WeightsException if the checkpoint does not fit the YAML, or has none and needs one
   */
  public static Model assemble(
      Checkpoint checkpoint, @Nullable ModelConfig spec, BlockRegistry registry, Limits limits) {
    Optional<ModelConfig> own = own(checkpoint, limits);
    ModuleTree tree = checkpoint.modules();
    List<LayerSummary> rows;
    int channels = 3;
    if (tree != null) {
      if (spec != null) {
        ConfigCheckpointMatch.check(spec, own.orElse(null), tree, checkpoint.weights(), registry);
      }
      rows = rows(tree, own, registry, checkpoint.weights());
    } else {
      ModelConfig used = spec != null ? spec : own.orElse(null);
      if (used == null) {
        throw new WeightsException(
            checkpoint.weights().source()
                + ": it holds weights only and does not say the network; give its model YAML along"
                + " with it");
      }
      NetworkDeclaration declared = declare(used, checkpoint.weights(), registry);
      tree = declared.tree();
      rows = declared.layers();
      channels = used.channels();
    }
    ModuleTree layers = tree.children().get("model");
    if (layers != null && layers.children().size() > limits.getInt(Limit.LAYERS)) {
      throw new WeightsException(
          checkpoint.weights().source()
              + ": "
              + layers.children().size()
              + " layers are more than "
              + LimitMessages.limit(limits, Limit.LAYERS));
    }
    Network network = Network.read(tree, checkpoint.weights(), registry, channels);
    List<Double> strides =
        checkpoint.strides().isEmpty() ? network.strides() : checkpoint.strides();
    if (strides.size() != network.strides().size()) {
      throw new WeightsException(
          checkpoint.weights().source()
              + ": it has "
              + strides.size()
              + " strides for "
              + network.strides().size()
              + " levels");
    }
    List<List<Double>> anchors = PixelAnchors.of(network.head().anchors().load(), strides);
    for (List<Double> level : anchors) {
      Checkpoint.checkPixels("anchor", level, checkpoint.weights().source());
    }
    return new Model(
        network,
        rows,
        channels,
        names(checkpoint.names(), network),
        strides,
        anchors,
        checkpoint.imageSize());
  }

  /**
   * {@return the checkpoint with its batch norms folded into the convolutions before them; it then
   * says its own modules}
   *
   * @param checkpoint with modules or a YAML
   * @throws WeightsException if the checkpoint cannot be assembled
   */
  public static Checkpoint fold(Checkpoint checkpoint, BlockRegistry registry, Limits limits) {
    Model model = assemble(checkpoint, null, registry, limits);
    ModuleTree tree = checkpoint.modules();
    if (tree == null) {
      ModelConfig used = own(checkpoint, limits).orElseThrow();
      tree = declare(used, checkpoint.weights(), registry).tree();
    }
    FoldedNetwork folded = FoldedNetwork.of(tree, checkpoint.weights());
    return new Checkpoint(
        folded.weights(),
        folded.tree(),
        checkpoint.yaml(),
        checkpoint.names(),
        model.strides(),
        checkpoint.anchors(),
        checkpoint.imageSize());
  }

  private static Optional<ModelConfig> own(Checkpoint checkpoint, Limits limits) {
    Map<String, @Nullable Object> yaml = checkpoint.yaml();
    if (yaml == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(ModelConfig.of(checkpoint.weights().source(), yaml, limits));
    } catch (ModelConfigException e) {
      if (checkpoint.modules() == null) {
        throw e;
      }
      LOG.debug("The YAML in the checkpoint is not used: {}", e.getMessage());
      return Optional.empty();
    }
  }

  /** The declared network, in the form that its weights have, with every parameter checked. */
  private static NetworkDeclaration declare(
      ModelConfig spec, StateDict weights, BlockRegistry registry) {
    Set<String> keys = weights.tensors().keySet();
    BottleneckKind kind = BottleneckResolver.of(spec, weights);
    NetworkDeclaration declared = NetworkDeclaration.of(spec, registry, kind, keys);
    ModuleTree model = declared.tree().children().get("model");
    if (model == null) {
      throw new IllegalStateException("a network without layers was declared");
    }
    ModuleTree fused = FoldedNetwork.matchKeys(model, "model", keys);
    WeightCheck.check(fused, weights, spec);
    if (keys.stream().anyMatch(key -> key.contains(".qk."))) {
      LOG.info(
          "{} does not say dim_head, window_size and such of its iRMB blocks; {} or the defaults"
              + " do",
          weights.source(),
          spec.source());
    }
    Map<String, ModuleTree> children = new LinkedHashMap<>(declared.tree().children());
    children.put("model", fused);
    return new NetworkDeclaration(declared.tree().withChildren(children), declared.layers());
  }

  /** The table of a pickled network; arguments are what its own YAML makes of them, if it can. */
  private static List<LayerSummary> rows(
      ModuleTree tree, Optional<ModelConfig> own, BlockRegistry registry, StateDict weights) {
    List<LayerSummary> declared = List.of();
    if (own.isPresent()) {
      try {
        declared =
            NetworkDeclaration.of(
                    own.get(),
                    registry,
                    BottleneckResolver.of(own.get(), weights),
                    weights.tensors().keySet())
                .layers();
      } catch (ModelConfigException e) {
        LOG.debug("The YAML in the checkpoint is not used: {}", e.getMessage());
      }
    }
    ModuleTree model = tree.children().get("model");
    List<ModuleTree> layers = model == null ? List.of() : List.copyOf(model.children().values());
    List<LayerSummary> rows = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      rows.add(row(i, layers.get(i), declared.size() == layers.size() ? declared.get(i) : null));
    }
    return rows;
  }

  private static LayerSummary row(int index, ModuleTree layer, @Nullable LayerSummary declared) {
    Attribute f = layer.attributes().getOrDefault("f", Attribute.of(-1));
    List<Integer> from = new ArrayList<>();
    for (Attribute element : f.elements()) {
      from.add(element instanceof IntAttribute integer ? (int) integer.value() : -1);
    }
    boolean sequence = layer.simpleName().equals("Sequential") && !layer.children().isEmpty();
    String module =
        sequence ? layer.children().values().iterator().next().className() : layer.className();
    return new LayerSummary(
        index,
        from,
        f instanceof ListAttribute,
        declared == null ? (sequence ? layer.children().size() : 1) : declared.repeats(),
        ModuleTrees.parameters(layer),
        module,
        declared == null ? List.of() : declared.arguments());
  }

  private static Map<Integer, String> names(Map<Integer, String> given, Network network) {
    Map<Integer, String> names = new LinkedHashMap<>();
    for (int i = 0; i < network.head().layout().classes(); i++) {
      names.put(i, given.getOrDefault(i, String.valueOf(i)));
    }
    return names;
  }
}
