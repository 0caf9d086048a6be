package ai.irmb.internal.cli;

import ai.irmb.Detection;
import ai.irmb.Detections;
import ai.irmb.track.Track;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The detections of an image and, when tracking, the ids of their tracks. Immutable.
 *
 * @param detections the detections
 * @param ids track id of each detection; empty without tracking
 */
record TrackedDetections(Detections detections, List<Integer> ids) implements Iterable<Detection> {
  /** {@return detections without tracks} */
  static TrackedDetections of(Detections detections) {
    return new TrackedDetections(detections, List.of());
  }

  /** {@return the detections that belong to a track} */
  static TrackedDetections of(Detections all, List<Track> tracks) {
    return new TrackedDetections(
        new Detections(
            all.width(),
            all.height(),
            all.inputWidth(),
            all.inputHeight(),
            tracks.stream().map(Track::detection).toList(),
            all.truncated()),
        tracks.stream().map(Track::id).toList());
  }

  int size() {
    return detections.size();
  }

  boolean isEmpty() {
    return detections.isEmpty();
  }

  /** {@return the detections with track ids in their labels: {@code #3 RBC}} */
  List<Detection> labeledWithIds() {
    List<Detection> named = new ArrayList<>(detections.list());
    for (int i = 0; i < ids.size(); i++) {
      Detection d = named.get(i);
      String label = "#" + ids.get(i) + " " + d.label();
      named.set(i, new Detection(d.classId(), label, d.confidence(), d.box(), d.mask()));
    }
    return named;
  }

  @Override
  public Iterator<Detection> iterator() {
    return detections.iterator();
  }
}
