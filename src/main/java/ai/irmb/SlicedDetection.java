package ai.irmb;

import static java.util.Objects.requireNonNull;

import ai.irmb.image.RgbImage;
import ai.irmb.internal.postprocess.Nms;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Detects objects in an image slice by slice, a batch at a time. Immutable, and as safe for
 * concurrent use as its detector.
 *
 * @param detector detects objects in images without slicing
 * @param batchSize number of slices per batch
 */
record SlicedDetection(
    BiFunction<List<RgbImage>, DetectOptions, List<Detections>> detector, int batchSize) {
  /** YOLOv5's maximum per image: a slice never has a lower one. */
  private static final int MIN_MAX_DETECTIONS = DetectOptions.DEFAULTS.maxDetections();

  /**
   * {@return the detections of an image; of a single slice exactly those of the detector}
   *
   * @param options with slices
   */
  Detections detect(RgbImage image, DetectOptions options, SliceGrid tiling) {
    DetectOptions plain = options.withSlices(null);
    if (options.slices() == null || tiling.count() == 1) {
      return detectFullImage(image, plain);
    }
    List<SliceDetection> views = new ArrayList<>();
    Detections slices = inSlices(image, plain, tiling, views);
    boolean truncated = slices.truncated();
    Timings timings = slices.timings();
    if (options.slices().includeFullImage()) {
      Detections full = detectFullImage(image, plain);
      truncated |= full.truncated();
      timings = timings.plus(full.timings());
      for (Detection d : full) {
        if (tiling.isLarge(d.box())) {
          views.add(SliceDetection.ofFullImage(d, tiling));
        }
      }
    }
    long start = System.nanoTime();
    SliceMerge merge = new SliceMerge(options.iouThreshold(), options.classAgnostic());
    List<Detection> all = merge.merge(views);
    int max = options.maxDetections();
    return new Detections(
        image.width(),
        image.height(),
        slices.inputWidth(),
        slices.inputHeight(),
        all.size() > max ? all.subList(0, max) : all,
        truncated || all.size() > max,
        timings.plus(new Timings(0, 0, 0, Timings.since(start))));
  }

  private Detections detectFullImage(RgbImage image, DetectOptions options) {
    return detector.apply(List.of(image), options).get(0);
  }

  /**
   * {@return the sizes of the first slice, the timings of all, and whether any slice is truncated;
   * the detections are added to a list}
   */
  private Detections inSlices(
      RgbImage image, DetectOptions options, SliceGrid tiling, List<SliceDetection> views) {
    // The merge drops detections, so the caller's maximum is not that of a slice.
    DetectOptions each =
        options.withMaxDetections(Math.max(options.maxDetections(), MIN_MAX_DETECTIONS));
    Detections first = null;
    boolean truncated = false;
    Timings timings = Timings.NONE;
    for (int from = 0; from < tiling.count(); from += batchSize) {
      List<RgbImage> parts = new ArrayList<>();
      for (int i = from; i < Math.min(from + batchSize, tiling.count()); i++) {
        parts.add(tiling.crop(image, i));
      }
      List<Detections> found = detector.apply(parts, each);
      for (int k = 0; k < found.size(); k++) {
        truncated |= found.get(k).truncated();
        timings = timings.plus(found.get(k).timings());
        for (Detection d : found.get(k)) {
          views.add(SliceDetection.of(d, from + k, tiling));
        }
      }
      first = first == null ? found.get(0) : first;
      truncated |= keepBest(views);
    }
    requireNonNull(first, "a tiling has slices");
    return new Detections(
        image.width(),
        image.height(),
        first.inputWidth(),
        first.inputHeight(),
        List.of(),
        truncated,
        timings);
  }

  /**
   * Keeps at most as many candidates as NMS does for an image that is not sliced.
   *
   * @return whether some were removed
   */
  private static boolean keepBest(List<SliceDetection> views) {
    if (views.size() <= Nms.MAX_CANDIDATES) {
      return false;
    }
    views.sort(SliceDetection.BEST_FIRST);
    views.subList(Nms.MAX_CANDIDATES, views.size()).clear();
    return true;
  }
}
