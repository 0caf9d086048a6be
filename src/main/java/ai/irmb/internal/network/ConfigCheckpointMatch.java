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
 * Whether a YAML that was given and a checkpoint that holds its own network speak of the same one.
 * Anchors may differ: those of the checkpoint were fitted to its data.
 */
final class ConfigCheckpointMatch {
  /** Attributes that change what a module computes and that no shape shows. */
  private static final Set<String> TELLING =
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
   * Refuses a YAML of another network.
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
    if (own != null && same(given, own)) {
      BottleneckResolver.of(given, weights);
      return;
    }
    ModuleTree declared =
        NetworkDeclaration.of(
                given, registry, BottleneckResolver.of(given, weights), weights.tensors().keySet())
            .tree();
    ModuleTree needed = declared.children().get("model");
    if (needed == null) {
      return;
    }
    needed = FoldedNetwork.matchKeys(needed, "model", weights.tensors().keySet());
    List<WeightProblem> problems =
        WeightCheck.compare(
            ModuleTrees.tensors(needed, "model"), ModuleTrees.tensors(model, "model"));
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
    attributes(given, needed, model, weights);
  }

  private static boolean same(ModelConfig a, ModelConfig b) {
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
      out.append("The checkpoint's own YAML says ")
          .append(key + " " + own + ", this one " + given + ". ");
    }
  }

  private static void attributes(
      ModelConfig given, ModuleTree needed, ModuleTree model, StateDict weights) {
    Map<String, ModuleTree> found = new HashMap<>();
    ModuleTrees.walk(model, "model", found::put);
    ModuleTrees.walk(
        needed,
        "model",
        (path, module) -> {
          ModuleTree other = found.get(path);
          if (other == null) {
            return;
          }
          String[] parts = path.split("\\.", 3);
          boolean said =
              parts.length > 1
                  && parts[1].matches("[0-9]{1,4}")
                  && !given.layers().get(Integer.parseInt(parts[1])).args().isEmpty();
          module
              .attributes()
              .forEach(
                  (name, value) -> {
                    Attribute has = other.attributes().get(name);
                    boolean optional = module.simpleName().equals("iRMB") && !said;
                    if (TELLING.contains(name) && !optional && has != null && differ(value, has)) {
                      throw disagree(weights, given, path, name, value, has);
                    }
                  });
          if (path.endsWith(".act")
              && given.activation().isPresent()
              && !module.simpleName().equals(other.simpleName())) {
            throw disagree(
                weights, given, path, "activation", module.simpleName(), other.simpleName());
          }
        });
    from(given, model, weights);
  }

  private static void from(ModelConfig given, ModuleTree model, StateDict weights) {
    for (LayerConfig layer : given.layers()) {
      ModuleTree other = model.children().get(String.valueOf(layer.index()));
      Attribute found = other == null ? null : other.attributes().get("f");
      Attribute expected =
          Attribute.listOf(layer.from().stream().mapToLong(Integer::longValue).toArray());
      if (found != null && !found.elements().equals(expected.elements())) {
        throw disagree(
            weights, given, "model." + layer.index(), "from", expected, found.elements());
      }
    }
  }

  /** Whether two values differ; 1 and [1, 1] are the same to PyTorch. */
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

  private static WeightsException disagree(
      StateDict weights, ModelConfig given, String path, String what, Object says, Object has) {
    return new WeightsException(
        weights.source()
            + ": "
            + path
            + " has "
            + what
            + " "
            + has
            + ", but "
            + given.source()
            + " says "
            + says
            + ". Load the checkpoint without a YAML to use its own network");
  }
}
