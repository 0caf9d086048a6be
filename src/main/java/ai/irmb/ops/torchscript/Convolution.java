package ai.irmb.ops.torchscript;

import ai.irmb.ops.Conv2dParams;
import ai.irmb.ops.Pair;
import ai.irmb.ops.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One convolution or several of the same input, their results one after the other.
 *
 * @param parts of one geometry and activation
 * @param plus whether a second input is added to the result
 */
record Convolution(List<Conv2dParams> parts, boolean plus) implements Step {
  static Convolution of(Conv2dParams params) {
    return new Convolution(List.of(params), false);
  }

  /** {@return the geometry and the activation, which all parts share} */
  Conv2dParams first() {
    return parts.get(0);
  }

  /** {@return the same convolution with a second input added} */
  Convolution andPlus() {
    return new Convolution(parts, true);
  }

  /** {@return whether it sees one position at a time} */
  static boolean isPointwise(Conv2dParams p) {
    Pair one = Pair.of(1);
    return p.kernel().equals(one) && p.stride().equals(one) && p.padding().equals(Pair.of(0));
  }

  /** {@return how its kernels are prepared} */
  Preparation kernels(String format) {
    return new Preparation(
        parts.stream().map(Conv2dParams::weight).toList(), format.formatted(joined(parts.size())));
  }

  /** {@return how its biases are prepared, if there are any} */
  Optional<Preparation> biases() {
    if (parts.stream().allMatch(p -> p.bias() == null)) {
      return Optional.empty();
    }
    List<Weight> present = new ArrayList<>();
    List<String> terms = new ArrayList<>();
    for (Conv2dParams part : parts) {
      Weight bias = part.bias();
      terms.add(bias == null ? "torch.zeros([" + part.outChannels() + "])" : "%s");
      if (bias != null) {
        present.add(bias);
      }
    }
    String format = terms.size() == 1 ? "%s" : "torch.cat([" + String.join(", ", terms) + "])";
    return Optional.of(new Preparation(present, format));
  }

  private static String joined(int count) {
    return count == 1
        ? "%s"
        : "torch.cat([" + String.join(", ", java.util.Collections.nCopies(count, "%s")) + "])";
  }

  @Override
  public void print(Statement out) {
    out.backend().convolution(out, this);
  }
}
