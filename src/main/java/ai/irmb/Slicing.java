package ai.irmb;

import static java.util.Objects.requireNonNull;

import ai.irmb.image.RgbImage;
import ai.irmb.internal.postprocess.Nms;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Looks at an image slice by slice, a batch at a time. Immutable and safe for concurrent use if the
 * given way to look at images is.
 *
 * @param whole looks at images as they are
 * @param batchSize so many slices are cut and looked at together
 */
record Slicing(BiFunction<List<RgbImage>, DetectOptions, List<Detections>> whole, int batchSize) {
  /** Upstream's bound for an image. */
  private static final int MOST_IN_SLICE = 300;

  /**
   * {@return what is in an image; without a cut exactly what {@code whole} finds}
   *
   * @param options with slices
   */
  Detections detect(RgbImage image, DetectOptions options, Tiling tiling) {
    DetectOptions plain = options.withSlices(null);
    if (options.slices() == null || tiling.count() == 1) {
      return look(image, plain);
    }
    List<View> views = new ArrayList<>();
    Detections first = inSlices(image, plain, tiling, views);
    if (options.slices().includeFullImage()) {
      for (Detection d : look(image, plain)) {
        if (tiling.isLarge(d.box())) {
          views.add(View.whole(d, tiling));
        }
      }
    }
    SliceMerge merge =
        new SliceMerge(options.iouThreshold(), options.classAgnostic(), options.maxDetections());
    return new Detections(
        image.width(), image.height(), first.inputWidth(), first.inputHeight(), merge.merge(views));
  }

  private Detections look(RgbImage image, DetectOptions options) {
    return whole.apply(List.of(image), options).get(0);
  }

  /** {@return what the first slice shows; all that the slices show is added to the views} */
  private Detections inSlices(
      RgbImage image, DetectOptions options, Tiling tiling, List<View> views) {
    // The merge makes room for others in a slice, so the caller's bound is not a slice's.
    DetectOptions each =
        options.withMaxDetections(Math.max(options.maxDetections(), MOST_IN_SLICE));
    Detections first = null;
    for (int from = 0; from < tiling.count(); from += batchSize) {
      List<RgbImage> parts = new ArrayList<>();
      for (int i = from; i < Math.min(from + batchSize, tiling.count()); i++) {
        parts.add(tiling.cut(image, i));
      }
      List<Detections> found = whole.apply(parts, each);
      for (int k = 0; k < found.size(); k++) {
        for (Detection d : found.get(k)) {
          views.add(View.of(d, from + k, tiling));
        }
      }
      first = first == null ? found.get(0) : first;
      leaveBest(views);
    }
    return requireNonNull(first, "a tiling has slices");
  }

  /** Only so many candidates compete, as in an image that is not cut. */
  private static void leaveBest(List<View> views) {
    if (views.size() > Nms.MAX_CANDIDATES) {
      views.sort(View.BEST_FIRST);
      views.subList(Nms.MAX_CANDIDATES, views.size()).clear();
    }
  }
}
