package ai.irmb.internal.network;

import ai.irmb.error.ModelConfigException;
import ai.irmb.error.WeightsException;
import ai.irmb.internal.config.BottleneckKind;
import ai.irmb.internal.config.LayerConfig;
import ai.irmb.internal.config.ModelConfig;
import ai.irmb.internal.weights.StateDict;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Which {@code Bottleneck} a network has: the weights decide, then the YAML; never a guess. */
final class BottleneckResolver {
  private static final Set<String> WITH_BOTTLENECK = Set.of("Bottleneck", "BottleneckCSP", "C3");

  /** Possessive, since a loop that can backtrack recurses once per part of a key. */
  private static final Pattern INNER_IRMB = Pattern.compile("(?:[m0-9]++\\.)*+iRMB\\.");

  private BottleneckResolver() {}

  /** {@return what the YAML says, or standard where it makes no difference to be asked} */
  static BottleneckKind declared(ModelConfig spec) {
    if (spec.bottleneck().isPresent()) {
      return spec.bottleneck().get();
    }
    boolean attends = spec.layers().stream().anyMatch(layer -> layer.module().contains("iRMB"));
    if (attends && !withBottleneck(spec).isEmpty()) {
      throw new ModelConfigException(
          spec.source()
              + ": the key bottleneck is missing; a network with iRMB needs \"bottleneck:"
              + " standard\" (upstream's) or \"bottleneck: irmb\" (an iRMB in every Bottleneck, as"
              + " in the document)");
    }
    return BottleneckKind.STANDARD;
  }

  private static List<LayerConfig> withBottleneck(ModelConfig spec) {
    return spec.layers().stream()
        .filter(layer -> WITH_BOTTLENECK.contains(layer.module()))
        .toList();
  }

  /** {@return what the weights show} */
  static BottleneckKind of(ModelConfig spec, StateDict weights) {
    boolean irmb = false;
    for (LayerConfig layer : withBottleneck(spec)) {
      String prefix = "model." + layer.index() + ".";
      for (String key : weights.tensors().keySet()) {
        irmb |=
            key.startsWith(prefix)
                && INNER_IRMB.matcher(key.substring(prefix.length())).lookingAt();
      }
    }
    BottleneckKind shown = irmb ? BottleneckKind.IRMB : BottleneckKind.STANDARD;
    if (spec.bottleneck().isPresent()
        && spec.bottleneck().get() != shown
        && !withBottleneck(spec).isEmpty()) {
      throw new WeightsException(
          weights.source()
              + ": its weights are of bottleneck: "
              + shown.text()
              + ", but "
              + spec.source()
              + " says bottleneck: "
              + spec.bottleneck().get().text());
    }
    return shown;
  }
}
