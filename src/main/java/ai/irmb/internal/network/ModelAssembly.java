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
import ai.irmb.internal.config.ModelConfig;
import ai.irmb.internal.error.Quoting;
import ai.irmb.internal.head.PixelAnchors;
import ai.irmb.internal.limit.LimitMessages;
import ai.irmb.internal.weights.StateDict;
import ai.irmb.internal.weights.WeightFile;
import ai.irmb.limit.Limit;
import ai.irmb.limit.Limits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates models from model YAMLs and checkpoints. */
public final class ModelAssembly {
  private static final Pattern YAML = Pattern.compile("(?is).*\\.ya?ml");
  private static final Logger LOG = LoggerFactory.getLogger(ModelAssembly.class);

  private static final int MAX_PRINTED = 20;

  /**
   * Checks that a config is not a checkpoint, and weights not a YAML.
   *
   * @throws IllegalArgumentException if their names say that they were exchanged
   */
  public static void checkNotExchanged(@Nullable String config, String weights) {
    if (config != null && WeightFile.isNamedAsWeights(config)) {
      throw new IllegalArgumentException(
          "config: "
              + config
              + " is a checkpoint, not a model YAML; the weights are given as weights, after the"
              + " config");
    }
    if (YAML.matcher(weights).matches()) {
      throw new IllegalArgumentException(
          "weights: " + weights + " is a YAML, not a checkpoint; a model YAML is given as config");
    }
  }

  private ModelAssembly() {}

  /**
   * {@return the model that a YAML describes, without weights: it can be summarized, not run}
   *
   * @throws ModelConfigException if it cannot be built
   */
  public static Model describe(ModelConfig config, BlockRegistry registry) {
    NetworkDeclaration declared = NetworkDeclaration.withoutWeights(config, registry);
    StateDict noWeights = new StateDict(config.source(), Map.of());
    try {
      Network network = Network.read(declared.tree(), noWeights, registry, config.channels());
      return new Model(
          network,
          declared.layers(),
          config.channels(),
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
   * @param config the model YAML that was passed with it, or null
   * @throws WeightsException if the checkpoint does not fit the YAML, or neither contains nor comes
   *     with a description of its network
   */
  public static Model assemble(
      Checkpoint checkpoint, @Nullable ModelConfig config, BlockRegistry registry, Limits limits) {
    Optional<ModelConfig> own = ownConfig(checkpoint, limits);
    ModuleTree tree = checkpoint.modules();
    List<LayerSummary> summaries;
    int channels = 3;
    if (tree != null) {
      if (config != null) {
        ConfigCheckpointMatch.check(config, own.orElse(null), tree, checkpoint.weights(), registry);
      }
      summaries = summaries(tree, own, registry, checkpoint.weights());
    } else {
      requireDetectorKeys(checkpoint.weights());
      ModelConfig usedConfig = config != null ? config : own.orElse(null);
      if (usedConfig == null) {
        throw new WeightsException(
            checkpoint.weights().source()
                + ": it contains weights only, not the network; pass its model YAML with it");
      }
      NetworkDeclaration declared = declare(usedConfig, checkpoint.weights(), registry);
      tree = declared.tree();
      summaries = declared.layers();
      channels = usedConfig.channels();
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
    checkStrides(strides, network);
    checkClasses(network, limits);
    List<List<Double>> anchors = PixelAnchors.of(network.head().anchors().load(), strides);
    for (List<Double> level : anchors) {
      Checkpoint.checkPixels("anchor", level, checkpoint.weights().source());
    }
    return new Model(
        network,
        summaries,
        channels,
        names(checkpoint.names(), network),
        strides,
        anchors,
        checkpoint.imageSize());
  }

  /** Strides scale boxes and input sizes, so a file may not choose others than its network has. */
  private static void checkStrides(List<Double> strides, Network network) {
    for (int i = 0; i < strides.size(); i++) {
      double ratio = strides.get(i) / network.strides().get(i);
      if (!(ratio > 0.5 && ratio < 2)) {
        throw new WeightsException(
            network.source()
                + ": the stride "
                + strides.get(i)
                + " of level "
                + i
                + " is not that of its network, "
                + network.strides().get(i));
      }
    }
  }

  private static void checkClasses(Network network, Limits limits) {
    int classes = network.head().layout().classes();
    if (classes > limits.getInt(Limit.CLASSES)) {
      throw new WeightsException(
          network.source()
              + ": "
              + classes
              + " classes are more than "
              + LimitMessages.limit(limits, Limit.CLASSES));
    }
  }

  /**
   * {@return the checkpoint with its batch norms folded into the convolutions before them; the
   * result contains its modules}
   *
   * @param checkpoint a checkpoint that contains modules or a YAML
   * @throws WeightsException if the checkpoint cannot be assembled
   */
  public static Checkpoint fold(Checkpoint checkpoint, BlockRegistry registry, Limits limits) {
    Model model = assemble(checkpoint, null, registry, limits);
    ModuleTree tree = checkpoint.modules();
    if (tree == null) {
      ModelConfig usedConfig = ownConfig(checkpoint, limits).orElseThrow();
      tree = declare(usedConfig, checkpoint.weights(), registry).tree();
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

  /**
   * Checks that weights without modules can be those of a network.
   *
   * @throws WeightsException if no key is that of a layer
   */
  public static void requireDetectorKeys(StateDict weights) {
    Set<String> keys = weights.tensors().keySet();
    if (keys.stream().noneMatch(ModelAssembly::isLayerKey)) {
      throw new WeightsException(
          weights.source()
              + ": this is not the state dict of a detector: its keys are "
              + (keys.isEmpty()
                  ? "none"
                  : keys.stream()
                      .limit(MAX_PRINTED)
                      .map(Quoting::quote)
                      .collect(Collectors.joining(", ")))
              + "; keys such as model.0.conv.weight were expected");
    }
  }

  private static boolean isLayerKey(String key) {
    return key.startsWith("model.")
        && key.length() > "model.".length()
        && Character.isDigit(key.charAt("model.".length()));
  }

  private static Optional<ModelConfig> ownConfig(Checkpoint checkpoint, Limits limits) {
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

  /**
   * The declared network, with batch norms folded where its weights have them folded; checks every
   * parameter.
   */
  private static NetworkDeclaration declare(
      ModelConfig config, StateDict weights, BlockRegistry registry) {
    Set<String> keys = weights.tensors().keySet();
    NetworkDeclaration declared = NetworkDeclaration.of(config, registry, weights);
    ModuleTree model = declared.tree().children().get("model");
    if (model == null) {
      throw new IllegalStateException("a network without layers was declared");
    }
    ModuleTree fused = FoldedNetwork.matchKeys(model, "model", keys);
    WeightCheck.check(fused, weights, config);
    warnOfAssumedHeads(fused, weights, config);
    Map<String, ModuleTree> children = new LinkedHashMap<>(declared.tree().children());
    children.put("model", fused);
    return new NetworkDeclaration(declared.tree().withChildren(children), declared.layers());
  }

  /** No tensor contains dim_head, and a wrong one changes every result without an error. */
  private static void warnOfAssumedHeads(ModuleTree layers, StateDict weights, ModelConfig config) {
    List<String> assumed = new ArrayList<>();
    ModuleTrees.forEach(
        layers,
        "model",
        (path, module) -> {
          if (module.attributes().containsKey("dim_head_assumed")) {
            assumed.add("dim_head " + module.attributes().get("dim_head") + " in " + path);
          }
        });
    if (!assumed.isEmpty()) {
      LOG.warn(
          "{} does not contain the dim_head of its iRMB blocks, and {} does not either. Assumed:"
              + " {}. Results are wrong if it was trained with another value. Give dim_head in the"
              + " arguments of the layer, or load the checkpoint with its modules",
          weights.source(),
          config.source(),
          String.join(", ", assumed.subList(0, Math.min(MAX_PRINTED, assumed.size())))
              + (assumed.size() > MAX_PRINTED
                  ? " and " + (assumed.size() - MAX_PRINTED) + " more"
                  : ""));
    }
  }

  /** The summary of a pickled network. The arguments come from its own YAML, if that is valid. */
  private static List<LayerSummary> summaries(
      ModuleTree tree, Optional<ModelConfig> own, BlockRegistry registry, StateDict weights) {
    List<LayerSummary> declared = List.of();
    if (own.isPresent()) {
      try {
        declared = NetworkDeclaration.of(own.get(), registry, weights).layers();
      } catch (ModelConfigException e) {
        LOG.debug("The YAML in the checkpoint is not used: {}", e.getMessage());
      }
    }
    ModuleTree model = tree.children().get("model");
    List<ModuleTree> layers = model == null ? List.of() : List.copyOf(model.children().values());
    List<LayerSummary> summaries = new ArrayList<>();
    Set<ModuleTree> counted = ModuleTrees.identitySet();
    for (int i = 0; i < layers.size(); i++) {
      summaries.add(
          summary(
              i,
              layers.get(i),
              declared.size() == layers.size() ? declared.get(i) : null,
              counted));
    }
    return summaries;
  }

  private static LayerSummary summary(
      int index, ModuleTree layer, @Nullable LayerSummary declared, Set<ModuleTree> counted) {
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
        ModuleTrees.parameters(layer, ModuleTrees.identitySet()),
        ModuleTrees.parameters(layer, counted),
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
