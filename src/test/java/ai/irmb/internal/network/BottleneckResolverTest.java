package ai.irmb.internal.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.irmb.error.WeightsException;
import ai.irmb.internal.config.BottleneckKind;
import ai.irmb.internal.config.ModelConfig;
import ai.irmb.internal.weights.StateDict;
import ai.irmb.limit.Limits;
import ai.irmb.tensor.HostTensor;
import ai.irmb.tensor.Shape;
import ai.irmb.testing.Bounded;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("fast")
class BottleneckResolverTest {
  private static final ModelConfig CONFIG =
      ModelConfig.parse(
          "a.yaml",
          """
          nc: 2
          depth_multiple: 1.0
          width_multiple: 1.0
          anchors: 1
          backbone: [[-1, 1, C3, [8]]]
          head: [[[0], 1, Detect, [nc, anchors]]]
          """
              .getBytes(StandardCharsets.UTF_8),
          Limits.DEFAULTS);

  /** On a small stack, where an expression that recurses once per part of the key overflows. */
  @ParameterizedTest
  @CsvSource({
    "'m.0.', 1, iRMB.qk.conv.weight, IRMB",
    "'m.0.', 1, cv1.conv.weight, STANDARD",
    "'m.0.', 50000, iRMB.x, IRMB",
    "'m.0.', 50000, x, STANDARD",
    "'m', 100000, x, STANDARD",
    "'m.', 1, XiRMB., STANDARD"
  })
  void findsTheKindInKeysOfAnyDepth(String part, int count, String end, BottleneckKind kind) {
    String key = "model.0." + part.repeat(count) + end;
    StateDict weights = new StateDict("a.pt", Map.of(key, HostTensor.of(Shape.of(1), 1f)));
    assertEquals(
        kind,
        Bounded.run(1 << 24, WeightsException.class, () -> BottleneckResolver.of(CONFIG, weights))
            .value());
  }
}
