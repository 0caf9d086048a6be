package ai.irmb.internal.network;

import ai.irmb.block.Attribute;
import ai.irmb.block.Attribute.BoolAttribute;
import ai.irmb.block.Attribute.IntAttribute;
import ai.irmb.block.Attribute.ListAttribute;
import ai.irmb.block.ModuleTree;
import ai.irmb.error.WeightProblem;
import ai.irmb.error.WeightsException;
import ai.irmb.internal.block.BlockRegistry;
import ai.irmb.internal.block.FoldedNetwork;
import ai.irmb.internal.config.LayerConfig;
import ai.irmb.internal.config.ModelConfig;
import ai.irmb.internal.config.Value;
import ai.irmb.internal.weights.StateDict;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks that a model YAML and a checkpoint with its own network describe the same network. Anchors
 * may differ, because those of the checkpoint were fitted to its data.
 */
final class ConfigCheckpointMatch {
  /** Attributes that change the result of a module but not the shapes of its weights. */
  private static final Set<String> COMPARED_ATTRIBUTES =
      Set.of(
          "dim_head",
          "window_size",
          "attn_pre",
          "attn_s",
          "has_skip",
          "add",
          "stride",
          "padding",
          "dilation",
          "groups",
          "kernel_size",
          "scale_factor",
          "mode");

  private ConfigCheckpointMatch() {}

  /**
   * Throws if the YAML describes another network.
   *
   * @param given the YAML
   * @param own the YAML in the checkpoint, or null
   * @param tree the network in the checkpoint
   */
  static void check(
      ModelConfig given,
      @Nullable ModelConfig own,
      ModuleTree tree,
      StateDict weights,
      BlockRegistry registry) {
    ModuleTree model = tree.children().get("model");
    if (model == null) {
      return;
    }
    if (own != null && isSameNetwork(given, own)) {
      BottleneckResolver.of(given, weights);
      return;
    }
    ModuleTree declared = NetworkDeclaration.of(given, registry, weights).tree();
    ModuleTree needed = declared.children().get("model");
    if (needed == null) {
      return;
    }
    needed = FoldedNetwork.matchKeys(needed, "model", weights.tensors().keySet());
    List<WeightProblem> problems =
        WeightCheck.compare(
            ModuleTrees.shapes(needed, "model"), ModuleTrees.shapes(model, "model"));
    if (!problems.isEmpty()) {
      throw new WeightsException(
          weights.source()
              + ": "
              + WeightCheck.describe(problems, given)
              + ". "
              + difference(given, own)
              + "Load the checkpoint without a YAML to use its own network",
          problems);
    }
    compareAttributes(given, needed, model, weights);
  }

  private static boolean isSameNetwork(ModelConfig a, ModelConfig b) {
    if (a.classes() != b.classes()
        || a.channels() != b.channels()
        || !a.activation().equals(b.activation())
        || a.layers().size() != b.layers().size()) {
      return false;
    }
    for (int i = 0; i < a.layers().size(); i++) {
      LayerConfig x = a.layers().get(i);
      LayerConfig y = b.layers().get(i);
      if (!x.from().equals(y.from())
          || x.repeats() != y.repeats()
          || !x.module().equals(y.module())
          || !x.args().stream()
              .map(Value::toPlainData)
              .map(String::valueOf)
              .toList()
              .equals(y.args().stream().map(Value::toPlainData).map(String::valueOf).toList())) {
        return false;
      }
    }
    return a.widthMultiple() == b.widthMultiple();
  }

  private static String difference(ModelConfig given, @Nullable ModelConfig own) {
    if (own == null) {
      return "";
    }
    StringBuilder out = new StringBuilder();
    add(out, "nc", given.classes(), own.classes());
    add(out, "depth_multiple", given.depthMultiple(), own.depthMultiple());
    add(out, "width_multiple", given.widthMultiple(), own.widthMultiple());
    return out.toString();
  }

  private static void add(StringBuilder out, String key, Number given, Number own) {
    if (!given.equals(own)) {
      out.append("The checkpoint's own YAML has ")
          .append(key + " " + own + ", this one " + given + ". ");
    }
  }

  private static void compareAttributes(
      ModelConfig given, ModuleTree needed, ModuleTree model, StateDict weights) {
    Map<String, ModuleTree> modules = new HashMap<>();
    ModuleTrees.forEach(model, "model", modules::put);
    ModuleTrees.forEach(
        needed,
        "model",
        (path, module) -> {
          ModuleTree counterpart = modules.get(path);
          if (counterpart == null) {
            return;
          }
          String[] names = path.split("\\.", 3);
          boolean hasArguments =
              names.length > 1
                  && names[1].matches("[0-9]{1,4}")
                  && !given.layers().get(Integer.parseInt(names[1])).args().isEmpty();
          module
              .attributes()
              .forEach(
                  (name, value) -> {
                    Attribute actual = counterpart.attributes().get(name);
                    boolean optional = module.simpleName().equals("iRMB") && !hasArguments;
                    if (COMPARED_ATTRIBUTES.contains(name)
                        && !optional
                        && actual != null
                        && differ(value, actual)
                        && !(name.equals("window_size") && isFullMap(value) && isFullMap(actual))) {
                      throw mismatch(weights, given, path, name, value, actual);
                    }
                  });
          if (path.endsWith(".act")
              && given.activation().isPresent()
              && !module.simpleName().equals(counterpart.simpleName())) {
            throw mismatch(
                weights, given, path, "activation", module.simpleName(), counterpart.simpleName());
          }
        });
    compareSources(given, model, weights);
  }

  /** Every window size of 0 or less means the entire map. */
  private static boolean isFullMap(Attribute window) {
    return window instanceof IntAttribute side && side.value() <= 0;
  }

  private static void compareSources(ModelConfig given, ModuleTree model, StateDict weights) {
    for (LayerConfig layer : given.layers()) {
      ModuleTree counterpart = model.children().get(String.valueOf(layer.index()));
      Attribute actual = counterpart == null ? null : counterpart.attributes().get("f");
      Attribute expected =
          Attribute.listOf(layer.from().stream().mapToLong(Integer::longValue).toArray());
      if (actual != null && !actual.elements().equals(expected.elements())) {
        throw mismatch(
            weights, given, "model." + layer.index(), "from", expected, actual.elements());
      }
    }
  }

  /** Compares two values; 1 and [1, 1] are the same to PyTorch. */
  private static boolean differ(Attribute a, Attribute b) {
    return !asPair(a).equals(asPair(b));
  }

  private static List<Attribute> asPair(Attribute value) {
    return value instanceof ListAttribute list
        ? list.values().stream().map(ConfigCheckpointMatch::asDouble).toList()
        : List.of(asDouble(value), asDouble(value));
  }

  /** Numbers and bools as double, since Python compares 1, 1.0 and True as equal. */
  private static Attribute asDouble(Attribute value) {
    if (value instanceof BoolAttribute bool) {
      return Attribute.of(bool.value() ? 1.0 : 0.0);
    }
    return value instanceof IntAttribute integer ? Attribute.of((double) integer.value()) : value;
  }

  private static WeightsException mismatch(
      StateDict weights,
      ModelConfig given,
      String path,
      String attribute,
      Object expected,
      Object actual) {
    return new WeightsException(
        weights.source()
            + ": "
            + path
            + " has "
            + attribute
            + " "
            + actual
            + ", but "
            + given.source()
            + " has "
            + expected
            + ". Load the checkpoint without a YAML to use its own network");
  }
}
