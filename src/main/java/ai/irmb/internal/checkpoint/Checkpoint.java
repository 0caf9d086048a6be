package ai.irmb.internal.checkpoint;

import static java.util.Objects.requireNonNull;

import ai.irmb.block.ModuleTree;
import ai.irmb.error.WeightsException;
import ai.irmb.internal.weights.StateDict;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The content of a weights file. Everything but the weights may be absent: a bare state dict has
 * nothing else. Immutable, safe for concurrent use.
 *
 * @param weights the parameters and buffers, by their keys in YOLOv5 ({@code model.0.conv.weight},
 *     without the prefix {@code module.})
 * @param modules the pickled network, its layers under the child {@code model}; null if the file
 *     has tensors only
 * @param yaml the model YAML that the network was built from, as plain data ({@link Map} with text
 *     keys, {@link List}, {@link String}, {@link Long}, {@link Double}, {@link Boolean}, null);
 *     null if the file has none
 * @param names class names by class id; empty if the file has none
 * @param strides strides of the head's levels in pixels; empty if the file has none
 * @param anchors anchors of the head in pixels, one list per level: w, h, w, h, …; empty if the
 *     file has none
 * @param imageSize longer side of the training images in pixels ({@code opt.imgsz}), or null
 */
public record Checkpoint(
    StateDict weights,
    @Nullable ModuleTree modules,
    @Nullable Map<String, @Nullable Object> yaml,
    Map<Integer, String> names,
    List<Double> strides,
    List<List<Double>> anchors,
    @Nullable Integer imageSize) {
  /** The longest side of an image that is supported, in pixels. */
  static final int MAX_IMAGE_SIDE = 1 << 16;

  /**
   * Copies the collections.
   *
   * @throws WeightsException if a stride or an anchor is not between 0 and {@link #MAX_IMAGE_SIDE}
   */
  public Checkpoint {
    requireNonNull(weights, "weights");
    yaml = yaml == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(yaml));
    names = Collections.unmodifiableMap(new LinkedHashMap<>(names));
    strides = List.copyOf(strides);
    anchors = anchors.stream().map(List::copyOf).toList();
    checkPixels("stride", strides, weights.source());
    for (List<Double> level : anchors) {
      checkPixels("anchor", level, weights.source());
    }
  }

  /**
   * Checks the strides or anchors of a head.
   *
   * @param name what a value is called in the error message
   * @param source name of the file
   * @throws WeightsException if a value is not between 0 and {@link #MAX_IMAGE_SIDE}
   */
  public static void checkPixels(String name, List<Double> values, String source) {
    for (double value : values) {
      if (!(value > 0 && value <= MAX_IMAGE_SIDE)) {
        throw new WeightsException(
            source
                + ": the "
                + name
                + " "
                + value
                + " is not a number of pixels above 0 and up to "
                + MAX_IMAGE_SIDE);
      }
    }
  }
}
