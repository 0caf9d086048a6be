package ai.irmb.internal.network;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A network with its class names, strides and anchors. Immutable, safe for concurrent use.
 *
 * @param network the layers with their weights
 * @param layers the rows of its summary
 * @param channels of the image
 * @param names class names by class id; one per class of the head
 * @param strides of the head's levels in pixels
 * @param anchors in pixels, w, h, w, h, … per level; empty without weights
 * @param imageSize the longer side that it was trained at, or null if unknown
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

  /** {@return the longer side that it was trained at or, if unknown, YOLOv5's default} */
  public int defaultSize() {
    return imageSize == null ? DEFAULT_SIZE : imageSize;
  }

  /** {@return the number of trained parameters} */
  public long parameters() {
    return layers.stream().mapToLong(LayerSummary::newParameters).sum();
  }

  /** {@return whether it is a segmentation model} */
  public boolean hasMasks() {
    return network.head().hasMasks();
  }

  /** {@return the number of pixels that the sides of an input must be multiples of} */
  public int stride() {
    double largest = strides.stream().mapToDouble(Double::doubleValue).max().orElse(MIN_STRIDE);
    return Math.max((int) largest, MIN_STRIDE);
  }

  /** {@return the smallest multiple of the stride that is not below this size} */
  public int roundUpToStride(int size) {
    return (size + stride() - 1) / stride() * stride();
  }
}
