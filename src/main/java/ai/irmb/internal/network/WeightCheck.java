package ai.irmb.internal.network;

import ai.irmb.block.ModuleTree;
import ai.irmb.error.WeightProblem;
import ai.irmb.error.WeightProblem.Missing;
import ai.irmb.error.WeightProblem.ShapeMismatch;
import ai.irmb.error.WeightProblem.Unexpected;
import ai.irmb.error.WeightsException;
import ai.irmb.internal.config.LayerConfig;
import ai.irmb.internal.config.ModelConfig;
import ai.irmb.internal.weights.StateDict;
import ai.irmb.tensor.HostTensor;
import ai.irmb.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Compares a state dict with what a network needs, parameter by parameter. */
final class WeightCheck {
  private WeightCheck() {}

  /**
   * Refuses weights that do not fit.
   *
   * @param model the tree whose children are the layers
   * @throws WeightsException with every problem, the first of each kind in its message
   */
  static void check(ModuleTree model, StateDict weights, ModelConfig spec) {
    Map<String, Shape> found = new java.util.LinkedHashMap<>();
    for (Map.Entry<String, HostTensor> entry : weights.tensors().entrySet()) {
      found.put(entry.getKey(), entry.getValue().shape());
    }
    List<WeightProblem> problems = compare(ModuleTrees.tensors(model, "model"), found);
    if (!problems.isEmpty()) {
      throw new WeightsException(weights.source() + ": " + describe(problems, spec), problems);
    }
  }

  /** {@return what differs, in the order of the network} */
  static List<WeightProblem> compare(Map<String, Shape> needed, Map<String, Shape> found) {
    List<WeightProblem> problems = new ArrayList<>();
    needed.forEach(
        (key, shape) -> {
          Shape has = found.get(key);
          if (has == null) {
            problems.add(new Missing(key, shape.toString()));
          } else if (!has.equals(shape)) {
            problems.add(new ShapeMismatch(key, has.toString(), shape.toString()));
          }
        });
    found.forEach(
        (key, shape) -> {
          if (!needed.containsKey(key) && !ModuleTrees.isOptional(key)) {
            problems.add(new Unexpected(key, shape.toString()));
          }
        });
    return problems;
  }

  /** {@return the first problem of each kind and how many more there are} */
  static String describe(List<WeightProblem> problems, ModelConfig spec) {
    StringBuilder out = new StringBuilder();
    sentence(out, problems, ShapeMismatch.class, spec);
    sentence(out, problems, Missing.class, spec);
    sentence(out, problems, Unexpected.class, spec);
    return out.toString();
  }

  private static void sentence(
      StringBuilder out,
      List<WeightProblem> problems,
      Class<? extends WeightProblem> kind,
      ModelConfig spec) {
    List<? extends WeightProblem> these =
        problems.stream().filter(kind::isInstance).map(kind::cast).toList();
    if (these.isEmpty()) {
      return;
    }
    if (!out.isEmpty()) {
      out.append("; ");
    }
    WeightProblem first = these.get(0);
    String layer = layer(first.key(), spec);
    if (first instanceof ShapeMismatch misshapen) {
      out.append(
          misshapen.key() + " has shape " + misshapen.found() + ", but " + layer + " needs ");
      out.append(misshapen.expected());
    } else if (first instanceof Missing missing) {
      out.append(
          missing.key() + " " + missing.expected() + " is missing, which " + layer + " needs");
    } else if (first instanceof Unexpected surplus) {
      out.append(surplus.key() + " " + surplus.found() + " has no place in " + layer);
    }
    if (these.size() > 1) {
      out.append(" (and ").append(these.size() - 1).append(" more like it)");
    }
  }

  private static String layer(String key, ModelConfig spec) {
    String[] parts = key.split("\\.", 3);
    if (parts.length > 1 && parts[0].equals("model") && parts[1].matches("[0-9]{1,4}")) {
      int index = Integer.parseInt(parts[1]);
      if (index < spec.layers().size()) {
        LayerConfig layer = spec.layers().get(index);
        return "layer " + index + " (" + layer.module() + ") of " + spec.source();
      }
    }
    return spec.source();
  }
}
