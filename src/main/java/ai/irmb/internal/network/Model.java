package ai.irmb.internal.network;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A network and what goes with it. Immutable, safe for concurrent use.
 *
 * @param network the layers with their weights
 * @param layers the table that describes it
 * @param channels of the image
 * @param names class names by class id; as many as the head has classes
 * @param strides of the head's levels in pixels
 * @param anchors in pixels, one row a level: w, h, w, h, …; empty where there are no weights
 * @param imageSize the longer side that it was trained at, or null
 */
public record Model(
    Network network,
    List<LayerSummary> layers,
    int channels,
    Map<Integer, String> names,
    List<Double> strides,
    List<List<Double>> anchors,
    @Nullable Integer imageSize) {
  private static final int DEFAULT_SIZE = 640;
  private static final int MIN_STRIDE = 32;

  /** Copies the collections. */
  public Model {
    layers = List.copyOf(layers);
    names = Collections.unmodifiableMap(new LinkedHashMap<>(names));
    strides = List.copyOf(strides);
    anchors = anchors.stream().map(List::copyOf).toList();
  }

  /** {@return the longer side that it was trained at or, where nobody says it, upstream's} */
  public int defaultSize() {
    return imageSize == null ? DEFAULT_SIZE : imageSize;
  }

  /** {@return what an image's sides must be multiples of, in pixels} */
  public int stride() {
    double largest = strides.stream().mapToDouble(Double::doubleValue).max().orElse(MIN_STRIDE);
    return Math.max((int) largest, MIN_STRIDE);
  }

  /** {@return the least multiple of the stride that is not below this size} */
  public int roundUpToStride(int size) {
    return (size + stride() - 1) / stride() * stride();
  }
}
