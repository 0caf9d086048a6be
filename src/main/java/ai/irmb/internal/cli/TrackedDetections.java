package ai.irmb.internal.cli;

import ai.irmb.Detection;
import ai.irmb.Detections;
import ai.irmb.track.Track;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * What outputs are told of an image. Immutable.
 *
 * @param detections what was found
 * @param ids the identity of each where objects are followed, otherwise none
 */
record TrackedDetections(Detections detections, List<Integer> ids) implements Iterable<Detection> {
  /** {@return what was found in an image by itself} */
  static TrackedDetections of(Detections detections) {
    return new TrackedDetections(detections, List.of());
  }

  /** {@return those of the detections that are followed} */
  static TrackedDetections of(Detections all, List<Track> tracks) {
    return new TrackedDetections(
        new Detections(
            all.width(),
            all.height(),
            all.inputWidth(),
            all.inputHeight(),
            tracks.stream().map(Track::detection).toList()),
        tracks.stream().map(Track::id).toList());
  }

  int size() {
    return detections.size();
  }

  boolean isEmpty() {
    return detections.isEmpty();
  }

  /** {@return the detections, whose labels say who they are: {@code #3 RBC}} */
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
