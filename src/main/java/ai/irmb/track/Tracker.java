package ai.irmb.track;

import static java.util.Objects.requireNonNull;

import ai.irmb.Box;
import ai.irmb.Detection;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Gives the objects of a video their identities: ByteTrack (Zhang and others, "ByteTrack:
 * Multi-Object Tracking by Associating Every Detection Box", 2021), within each class.
 *
 * <p>Each object has a box that a Kalman filter moves on from image to image. Confident detections
 * are given to the objects whose boxes they overlap most, all at once; then unsure ones to the
 * objects that were just seen and got none: they are mostly objects that something hides in part.
 * What is confident and left over begins an object, which counts once the next image shows it too,
 * unless it is the first image. An object that is not seen is remembered for a while and moves on.
 *
 * <p>An object is lost if it moves by more than about its own size from one image to the next. Give
 * all images in order, those without detections too, and ask the detector for detections above
 * {@link TrackOptions#lowThreshold}:
 *
 * <pre>{@code
 * Tracker tracker = new Tracker();
 * DetectOptions options = DetectOptions.DEFAULTS.withConfidence(0.1);
 * for (RgbImage image : video) {
 *   tracker.update(detector.detect(image, options)).forEach(System.out::println);
 * }
 * }</pre>
 *
 * <p>One for each video. Not safe for concurrent use.
 */
public final class Tracker {
  /** Unsure detections have to fit better, and so do those that make a new object count. */
  private static final double LEAST_IOU_OF_UNSURE = 0.5;

  private static final double LEAST_IOU_OF_NEW = 0.3;

  private final TrackOptions options;
  private final List<Followed> all = new ArrayList<>();
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

  /** An object. */
  private static final class Followed {
    private final Motion motion;
    private final int classId;
    private final int first;
    private int last;

    /** Which detection of the last image that shows it. */
    private int at;

    /** 0 until it counts. */
    private int id;

    Followed(Detection seen, int at, int image) {
      this.motion = new Motion(seen.box());
      this.classId = seen.classId();
      this.first = image;
      this.last = image;
      this.at = at;
    }
  }

  /**
   * {@return the objects that the next image shows, in the order of its detections}
   *
   * <p>Those without an identity, or not yet, are left out.
   *
   * @param found in the next image; its {@link ai.irmb.Detections}
   */
  public List<Track> update(Iterable<Detection> found) {
    List<Detection> detections = new ArrayList<>();
    List<Integer> sure = new ArrayList<>();
    List<Integer> unsure = new ArrayList<>();
    for (Detection d : found) {
      if (d.confidence() > options.highThreshold()) {
        sure.add(detections.size());
      } else if (d.confidence() > options.lowThreshold()) {
        unsure.add(detections.size());
      }
      detections.add(d);
    }
    int before = image++;
    all.forEach(f -> f.motion.predict(f.last == before));
    give(detections, sure, where(f -> f.id > 0), options.minIou());
    give(detections, unsure, where(f -> f.id > 0 && f.last == before), LEAST_IOU_OF_UNSURE);
    give(detections, sure, where(f -> f.id == 0), LEAST_IOU_OF_NEW);
    all.removeIf(f -> f.last < image - (f.id == 0 ? 0 : options.maxMissedFrames()));
    for (int at : sure) {
      if (detections.get(at).confidence() > options.startThreshold()) {
        all.add(new Followed(detections.get(at), at, image));
      }
    }
    return tracks(detections);
  }

  private List<Followed> where(Predicate<Followed> which) {
    return all.stream().filter(which).toList();
  }

  /**
   * Gives objects the detections that fit best.
   *
   * @param free which detections may be given; those that are given go from it
   */
  private void give(
      List<Detection> detections, List<Integer> free, List<Followed> objects, double leastIou) {
    double[][] gains = new double[objects.size()][free.size()];
    for (int i = 0; i < gains.length; i++) {
      Followed object = objects.get(i);
      Box box = object.motion.box();
      for (int k = 0; k < gains[i].length; k++) {
        Detection d = detections.get(free.get(k));
        gains[i][k] = object.classId == d.classId() ? box.iou(d.box()) - leastIou : -1;
      }
    }
    int[] given = Assignment.best(gains);
    List<Integer> taken = new ArrayList<>();
    for (int i = 0; i < given.length; i++) {
      if (given[i] >= 0) {
        Followed object = objects.get(i);
        object.at = free.get(given[i]);
        object.last = image;
        object.motion.correct(detections.get(object.at).box());
        taken.add(object.at);
      }
    }
    free.removeAll(taken);
  }

  private List<Track> tracks(List<Detection> detections) {
    Followed[] shown = new Followed[detections.size()];
    for (Followed f : all) {
      if (f.last == image && (f.first < image || image == 1)) {
        shown[f.at] = f;
      }
    }
    List<Track> tracks = new ArrayList<>();
    for (int at = 0; at < shown.length; at++) {
      Followed f = shown[at];
      if (f != null) {
        f.id = f.id == 0 ? ++ids : f.id;
        tracks.add(new Track(f.id, detections.get(at)));
      }
    }
    return tracks;
  }
}
