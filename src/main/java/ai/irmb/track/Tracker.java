package ai.irmb.track;

import static java.util.Objects.requireNonNull;

import ai.irmb.Box;
import ai.irmb.Detection;
import ai.irmb.Detections;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Multi-object tracking: ByteTrack (Zhang and others, "ByteTrack: Multi-Object Tracking by
 * Associating Every Detection Box", 2021), within each class.
 *
 * <p>A Kalman filter predicts the box of each object in the next image. Detections with high
 * confidence are assigned to the objects by IoU, all at once. Detections with low confidence are
 * then assigned to the objects of the previous image that got none: often these are partly hidden
 * objects. An unassigned detection with high confidence starts an object, which is confirmed once
 * the next image shows it too, or at once in the first image. An object that is not detected is
 * kept for a while and moves on.
 *
 * <p>An object is lost if it moves by more than about its own size between two images. Pass every
 * image in order, also those without detections, and detect with a confidence threshold of {@link
 * TrackOptions#lowThreshold}:
 *
 * <pre>{@code
 * Tracker tracker = new Tracker();
 * DetectOptions options = DetectOptions.DEFAULTS.withConfidenceThreshold(0.1);
 * for (RgbImage image : video) {
 *   tracker.update(detector.detect(image, options)).forEach(System.out::println);
 * }
 * }</pre>
 *
 * <p>Use one tracker per video. Not safe for concurrent use.
 */
public final class Tracker {
  /** Stricter than {@code minIou}, as are matches that confirm an object. */
  private static final double LOW_CONFIDENCE_MIN_IOU = 0.5;

  private static final double UNCONFIRMED_MIN_IOU = 0.3;

  private final TrackOptions options;
  private final List<TrackedObject> objects = new ArrayList<>();
  private int image;
  private int ids;

  /** A tracker with {@link TrackOptions#DEFAULTS}. */
  public Tracker() {
    this(TrackOptions.DEFAULTS);
  }

  /** A tracker with these options. */
  public Tracker(TrackOptions options) {
    this.options = requireNonNull(options, "options");
  }

  /** An object and its state. */
  private static final class TrackedObject {
    private final KalmanFilter motion;
    private final int classId;
    private final int first;
    private int last;

    /** Index of its detection in the last image that shows it. */
    private int at;

    /** 0 until it is confirmed. */
    private int id;

    TrackedObject(Detection seen, int at, int image) {
      this.motion = new KalmanFilter(seen.box());
      this.classId = seen.classId();
      this.first = image;
      this.last = image;
      this.at = at;
    }
  }

  /**
   * {@return the detections of the next image that belong to a confirmed object, in order, with
   * {@link Detection#trackId}; the others are left out}
   *
   * @param next the detections of the next image
   */
  public Detections update(Detections next) {
    List<Detection> detections = next.list();
    List<Integer> confident = new ArrayList<>();
    List<Integer> uncertain = new ArrayList<>();
    for (int at = 0; at < detections.size(); at++) {
      double confidence = detections.get(at).confidence();
      if (confidence > options.highThreshold()) {
        confident.add(at);
      } else if (confidence > options.lowThreshold()) {
        uncertain.add(at);
      }
    }
    int before = image++;
    objects.forEach(f -> f.motion.predict(f.last == before));
    assign(detections, confident, where(f -> f.id > 0), options.minIou());
    assign(detections, uncertain, where(f -> f.id > 0 && f.last == before), LOW_CONFIDENCE_MIN_IOU);
    assign(detections, confident, where(f -> f.id == 0), UNCONFIRMED_MIN_IOU);
    objects.removeIf(f -> f.last < image - (f.id == 0 ? 0 : options.maxMissedFrames()));
    for (int at : confident) {
      if (detections.get(at).confidence() > options.startThreshold()) {
        objects.add(new TrackedObject(detections.get(at), at, image));
      }
    }
    return next.withList(tracked(detections));
  }

  private List<TrackedObject> where(Predicate<TrackedObject> which) {
    return objects.stream().filter(which).toList();
  }

  /**
   * Assigns detections to objects by the greatest sum of IoUs.
   *
   * @param free indices of unassigned detections; those that are assigned are removed
   */
  private void assign(
      List<Detection> detections, List<Integer> free, List<TrackedObject> objects, double minIou) {
    double[][] gains = new double[objects.size()][free.size()];
    for (int i = 0; i < gains.length; i++) {
      TrackedObject object = objects.get(i);
      Box box = object.motion.box();
      for (int k = 0; k < gains[i].length; k++) {
        Detection d = detections.get(free.get(k));
        gains[i][k] = object.classId == d.classId() ? box.iou(d.box()) - minIou : -1;
      }
    }
    int[] assigned = Assignment.maximize(gains);
    List<Integer> taken = new ArrayList<>();
    for (int i = 0; i < assigned.length; i++) {
      if (assigned[i] >= 0) {
        TrackedObject object = objects.get(i);
        object.at = free.get(assigned[i]);
        object.last = image;
        object.motion.correct(detections.get(object.at).box());
        taken.add(object.at);
      }
    }
    free.removeAll(taken);
  }

  private List<Detection> tracked(List<Detection> detections) {
    TrackedObject[] shown = new TrackedObject[detections.size()];
    for (TrackedObject f : objects) {
      if (f.last == image && (f.first < image || image == 1)) {
        shown[f.at] = f;
      }
    }
    List<Detection> tracked = new ArrayList<>();
    for (int at = 0; at < shown.length; at++) {
      TrackedObject f = shown[at];
      if (f != null) {
        f.id = f.id == 0 ? ++ids : f.id;
        tracked.add(detections.get(at).withTrackId(f.id));
      }
    }
    return tracked;
  }
}
