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

/**
 * Decides between the kinds of {@code Bottleneck} in a network: by its weights or, without weights,
 * by the YAML. A missing decision is an error.
 */
final class BottleneckResolver {
  private static final Set<String> WITH_BOTTLENECK = Set.of("Bottleneck", "BottleneckCSP", "C3");

  /** Possessive quantifiers, because a backtracking loop recurses once per component of a key. */
  private static final Pattern INNER_IRMB = Pattern.compile("(?:[m0-9]++\\.)*+iRMB\\.");

  private BottleneckResolver() {}

  /** {@return the kind in the YAML, or standard if the network has no iRMB or no Bottleneck} */
  static BottleneckKind declared(ModelConfig config) {
    if (config.bottleneck().isPresent()) {
      return config.bottleneck().get();
    }
    boolean hasIrmb = config.layers().stream().anyMatch(layer -> layer.module().contains("iRMB"));
    if (hasIrmb && !layersWithBottleneck(config).isEmpty()) {
      throw new ModelConfigException(
          config.source()
              + ": the key bottleneck is missing; a network with iRMB needs \"bottleneck:"
              + " standard\" (the Bottleneck of YOLOv5) or \"bottleneck: irmb\" (the Bottleneck"
              + " with an iRMB inside)");
    }
    return BottleneckKind.STANDARD;
  }

  private static List<LayerConfig> layersWithBottleneck(ModelConfig config) {
    return config.layers().stream()
        .filter(layer -> WITH_BOTTLENECK.contains(layer.module()))
        .toList();
  }

  /** {@return the kind that the weights have} */
  static BottleneckKind of(ModelConfig config, StateDict weights) {
    boolean irmb = false;
    for (LayerConfig layer : layersWithBottleneck(config)) {
      String prefix = "model." + layer.index() + ".";
      for (String key : weights.tensors().keySet()) {
        irmb |=
            key.startsWith(prefix)
                && INNER_IRMB.matcher(key.substring(prefix.length())).lookingAt();
      }
    }
    BottleneckKind kind = irmb ? BottleneckKind.IRMB : BottleneckKind.STANDARD;
    if (config.bottleneck().isPresent()
        && config.bottleneck().get() != kind
        && !layersWithBottleneck(config).isEmpty()) {
      throw new WeightsException(
          weights.source()
              + ": its weights have bottleneck: "
              + kind.text()
              + ", but "
              + config.source()
              + " has bottleneck: "
              + config.bottleneck().get().text());
    }
    return kind;
  }
}
