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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Compares the keys and shapes of a state dict with those that a network needs. */
final class WeightCheck {
  private WeightCheck() {}

  /**
   * Throws if the weights do not fit the network.
   *
   * @param model the module whose children are the layers
   * @throws WeightsException with all problems; the message contains the first of each kind
   */
  static void check(ModuleTree model, StateDict weights, ModelConfig config) {
    Map<String, Shape> actual = new LinkedHashMap<>();
    for (Map.Entry<String, HostTensor> entry : weights.tensors().entrySet()) {
      actual.put(entry.getKey(), entry.getValue().shape());
    }
    List<WeightProblem> problems = compare(ModuleTrees.shapes(model, "model"), actual);
    if (!problems.isEmpty()) {
      throw new WeightsException(weights.source() + ": " + describe(problems, config), problems);
    }
  }

  /** {@return the differences, in the order of the network} */
  static List<WeightProblem> compare(Map<String, Shape> needed, Map<String, Shape> actual) {
    List<WeightProblem> problems = new ArrayList<>();
    needed.forEach(
        (key, shape) -> {
          Shape actualShape = actual.get(key);
          if (actualShape == null) {
            problems.add(new Missing(key, shape.toString()));
          } else if (!actualShape.equals(shape)) {
            problems.add(new ShapeMismatch(key, actualShape.toString(), shape.toString()));
          }
        });
    actual.forEach(
        (key, shape) -> {
          if (!needed.containsKey(key) && !ModuleTrees.isOptional(key)) {
            problems.add(new Unexpected(key, shape.toString()));
          }
        });
    return problems;
  }

  /** {@return the first problem of each kind and the number of others} */
  static String describe(List<WeightProblem> problems, ModelConfig config) {
    StringBuilder out = new StringBuilder();
    describeKind(out, problems, ShapeMismatch.class, config);
    describeKind(out, problems, Missing.class, config);
    describeKind(out, problems, Unexpected.class, config);
    return out.toString();
  }

  private static void describeKind(
      StringBuilder out,
      List<WeightProblem> problems,
      Class<? extends WeightProblem> kind,
      ModelConfig config) {
    List<? extends WeightProblem> ofKind =
        problems.stream().filter(kind::isInstance).map(kind::cast).toList();
    if (ofKind.isEmpty()) {
      return;
    }
    if (!out.isEmpty()) {
      out.append("; ");
    }
    WeightProblem first = ofKind.get(0);
    String layer = layer(first.key(), config);
    if (first instanceof ShapeMismatch mismatch) {
      out.append(mismatch.key() + " has shape " + mismatch.found() + ", but " + layer + " needs ");
      out.append(mismatch.expected());
    } else if (first instanceof Missing missing) {
      out.append(missing.key() + " " + missing.expected() + " is missing; " + layer + " needs it");
    } else if (first instanceof Unexpected unexpected) {
      out.append(
          unexpected.key()
              + " "
              + unexpected.found()
              + " is unexpected; "
              + layer
              + " does not have it");
    }
    if (ofKind.size() > 1) {
      out.append(" (and ").append(ofKind.size() - 1).append(" more)");
    }
  }

  private static String layer(String key, ModelConfig config) {
    String[] names = key.split("\\.", 3);
    if (names.length > 1 && names[0].equals("model") && names[1].matches("[0-9]{1,4}")) {
      int index = Integer.parseInt(names[1]);
      if (index < config.layers().size()) {
        LayerConfig layer = config.layers().get(index);
        return "layer " + index + " (" + layer.module() + ") of " + config.source();
      }
    }
    return config.source();
  }
}
