package ai.irmb.internal.head;

import ai.irmb.tensor.HostTensor;
import java.util.ArrayList;
import java.util.List;

/** Converts a head's {@code anchors} buffer from units of the stride to pixels. */
public final class PixelAnchors {
  private PixelAnchors() {}

  /**
   * {@return per level w, h, w, h, … in pixels, rounded to single precision as in YOLOv5}
   *
   * @param buffer (levels, anchors, 2), in units of the level's stride
   * @param strides of the levels
   */
  public static List<List<Double>> of(HostTensor buffer, List<Double> strides) {
    float[] values = buffer.toFloats();
    int perLevel = values.length / strides.size();
    List<List<Double>> levels = new ArrayList<>();
    for (int level = 0; level < strides.size(); level++) {
      List<Double> sides = new ArrayList<>();
      for (int i = 0; i < perLevel; i++) {
        sides.add((double) (values[level * perLevel + i] * strides.get(level).floatValue()));
      }
      levels.add(sides);
    }
    return levels;
  }
}
