package ai.irmb;

import ai.irmb.execution.AttentionTrace;
import ai.irmb.execution.InferenceThreads;
import ai.irmb.image.Letterbox;
import ai.irmb.image.LetterboxGeometry;
import ai.irmb.image.RgbImage;
import ai.irmb.network.Model;
import ai.irmb.network.Network;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes {@link AttentionMap}s. Immutable and safe for concurrent use. */
record AttentionMaps(Model model, @Nullable String device, InferenceThreads threads) {
  /**
   * {@return the attention of a layer's blocks, in order}
   *
   * @throws IllegalArgumentException if there is none in the layer
   */
  List<AttentionMap> of(RgbImage image, LetterboxGeometry geometry, int layer) {
    Network network = model.network();
    List<Integer> attending = network.attending();
    if (!attending.contains(layer)) {
      throw none(network, layer, attending);
    }
    float[] picture = input(image, geometry);
    return threads
        .run(() -> AttentionTrace.run(model, device, geometry.height(), geometry.width(), picture))
        .stream()
        .filter(seen -> seen.layer() == layer)
        .map(seen -> new AttentionMap(network.describe(layer), seen, geometry))
        .toList();
  }

  /** Letterboxed, (3, H, W), 0 to 1. */
  private static float[] input(RgbImage image, LetterboxGeometry geometry) {
    byte[] bytes = new byte[geometry.bytes()];
    Letterbox.apply(image, geometry, ByteBuffer.wrap(bytes), 0);
    float[] planes = new float[bytes.length];
    int each = bytes.length / 3;
    for (int i = 0; i < bytes.length; i++) {
      planes[i % 3 * each + i / 3] = (bytes[i] & 0xFF) / 255f;
    }
    return planes;
  }

  private static IllegalArgumentException none(
      Network network, int layer, List<Integer> attending) {
    String asked =
        layer >= 0 && layer < network.size()
            ? network.describe(layer) + " has none"
            : "there is no layer " + layer;
    String those =
        attending.isEmpty()
            ? "no layer of " + network.source() + " has, as one with an iRMB would"
            : "those that have: "
                + attending.stream().map(network::describe).collect(Collectors.joining(", "));
    return new IllegalArgumentException("attention: " + asked + "; " + those);
  }
}
