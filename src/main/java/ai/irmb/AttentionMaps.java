package ai.irmb;

import ai.irmb.image.RgbImage;
import ai.irmb.internal.engine.InferenceThreads;
import ai.irmb.internal.execution.AttentionTrace;
import ai.irmb.internal.execution.Batch;
import ai.irmb.internal.geometry.LetterboxGeometry;
import ai.irmb.internal.image.Letterbox;
import ai.irmb.internal.network.Model;
import ai.irmb.internal.network.Network;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes {@link AttentionMap}s. Owns what its trace does; safe for concurrent use. */
record AttentionMaps(Model model, AttentionTrace trace, InferenceThreads threads)
    implements AutoCloseable {
  static AttentionMaps of(Model model, @Nullable String device, InferenceThreads threads) {
    return new AttentionMaps(model, new AttentionTrace(model, device), threads);
  }

  /**
   * {@return the attention of a layer's blocks, in order}
   *
   * @param buffers where the letterboxed image is put meanwhile
   * @throws IllegalArgumentException if there is none in the layer
   */
  List<AttentionMap> of(
      RgbImage image, LetterboxGeometry geometry, int layer, PixelBufferPool buffers) {
    Network network = model.network();
    List<Integer> attending = network.attentionLayers();
    if (!attending.contains(layer)) {
      throw none(network, layer, attending);
    }
    ByteBuffer pixels = buffers.borrow(geometry.bytes());
    try {
      Letterbox.apply(image, geometry, pixels, 0);
      Batch batch =
          new Batch(pixels.slice(0, geometry.bytes()), 1, geometry.height(), geometry.width());
      return threads.run(() -> trace.run(batch)).stream()
          .filter(seen -> seen.layer() == layer)
          .map(seen -> new AttentionMap(network.describe(layer), seen, geometry))
          .toList();
    } finally {
      buffers.release(pixels);
    }
  }

  @Override
  public void close() {
    trace.close();
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
