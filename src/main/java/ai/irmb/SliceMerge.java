package ai.irmb;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Merges the detections of slices by the rules of {@link Slices}. Immutable and safe for concurrent
 * use.
 *
 * @param iou complete detections of a class with a greater IoU are of one object
 * @param classAgnostic whether NMS is across classes
 */
record SliceMerge(double iou, boolean classAgnostic) {
  /** The fraction of a cut detection that must be inside another one. */
  private static final float MIN_OVERLAP = 0.5f;

  /** {@return the merged detections, best first; ties keep their order} */
  List<Detection> merge(List<SliceDetection> detections) {
    List<Detection> kept = new ArrayList<>();
    detections.stream()
        .filter(Predicate.not(SliceDetection::isCut))
        .sorted(SliceDetection.BEST_FIRST)
        .map(SliceDetection::detection)
        .forEach(d -> addUnlessOverlapping(d, kept));
    List<SliceDetection> parts =
        detections.stream()
            .filter(v -> v.isCut() && kept.stream().noneMatch(d -> contains(d, v)))
            .sorted(SliceDetection.BEST_FIRST)
            .toList();
    joinCutDetections(parts).forEach(d -> addUnlessOverlapping(d, kept));
    kept.sort(Comparator.comparing((Detection d) -> -d.confidence()));
    return kept;
  }

  private boolean compete(Detection a, Detection b) {
    return classAgnostic || a.classId() == b.classId();
  }

  private void addUnlessOverlapping(Detection d, List<Detection> kept) {
    if (kept.stream().noneMatch(k -> compete(k, d) && k.box().iou(d.box()) > iou)) {
      kept.add(d);
    }
  }

  private boolean contains(Detection complete, SliceDetection part) {
    return compete(complete, part.detection())
        && complete.box().intersection(part.box()) > MIN_OVERLAP * part.box().area();
  }

  /** Two cut detections that may be of one object, and their overlap. */
  private record Pair(int a, int b, float overlap) {}

  /**
   * Joins the best pairs first; a pair that would give an object two detections in a slice is
   * skipped.
   */
  private List<Detection> joinCutDetections(List<SliceDetection> parts) {
    List<Pair> pairs = pairs(parts);
    pairs.sort(Comparator.comparing((Pair p) -> -p.overlap()));
    List<Group> groups = new ArrayList<>();
    parts.forEach(part -> groups.add(new Group(part)));
    for (Pair pair : pairs) {
      Group a = groups.get(pair.a()).root();
      Group b = groups.get(pair.b()).root();
      if (a != b && !a.slices.intersects(b.slices)) {
        a.absorb(b);
      }
    }
    return groups.stream()
        .filter(group -> group.into == null)
        .map(Group::detection)
        .sorted(Comparator.comparing((Detection d) -> -d.confidence()))
        .toList();
  }

  /** {@return per cut detection, its best partner in each other slice} */
  private List<Pair> pairs(List<SliceDetection> parts) {
    List<Map<Integer, Pair>> best = new ArrayList<>();
    parts.forEach(part -> best.add(new LinkedHashMap<>()));
    for (int a = 0; a < parts.size(); a++) {
      for (int b = a + 1; b < parts.size(); b++) {
        float overlap = overlap(parts.get(a), parts.get(b));
        if (overlap > MIN_OVERLAP) {
          Pair pair = new Pair(a, b, overlap);
          best.get(a).merge(parts.get(b).slice(), pair, SliceMerge::better);
          best.get(b).merge(parts.get(a).slice(), pair, SliceMerge::better);
        }
      }
    }
    List<Pair> pairs = new ArrayList<>();
    best.forEach(partners -> pairs.addAll(partners.values()));
    return pairs;
  }

  private static Pair better(Pair a, Pair b) {
    return b.overlap() > a.overlap() ? b : a;
  }

  /** {@return the covered fraction of the smaller box, within the area that both slices show} */
  private float overlap(SliceDetection a, SliceDetection b) {
    if (a.slice() == b.slice() || !compete(a.detection(), b.detection())) {
      return 0;
    }
    Box first = clipped(a.box(), b.area());
    Box second = clipped(b.box(), a.area());
    if (first == null || second == null) {
      return 0;
    }
    float smaller = Math.min(first.area(), second.area());
    return smaller > 0 ? first.intersection(second) / smaller : 0;
  }

  private static @Nullable Box clipped(Box box, Box area) {
    float x1 = Math.max(box.x1(), area.x1());
    float y1 = Math.max(box.y1(), area.y1());
    float x2 = Math.min(box.x2(), area.x2());
    float y2 = Math.min(box.y2(), area.y2());
    return x1 < x2 && y1 < y2 ? new Box(x1, y1, x2, y2) : null;
  }

  /** The cut detections of one object, as they are joined (a union-find tree). */
  private static final class Group {
    private final List<SliceDetection> parts = new ArrayList<>();
    private final BitSet slices = new BitSet();
    private @Nullable Group into;

    Group(SliceDetection part) {
      parts.add(part);
      slices.set(part.slice());
    }

    Group root() {
      Group at = this;
      while (at.into != null) {
        at = at.into;
      }
      return at;
    }

    void absorb(Group other) {
      parts.addAll(other.parts);
      slices.or(other.slices);
      other.into = this;
    }

    Detection detection() {
      if (parts.size() == 1) {
        return parts.get(0).detection();
      }
      parts.sort(SliceDetection.BEST_FIRST);
      Detection best = parts.get(0).detection();
      Box box = best.box();
      Mask mask = best.mask();
      for (SliceDetection part : parts.subList(1, parts.size())) {
        Box more = part.box();
        box =
            new Box(
                Math.min(box.x1(), more.x1()),
                Math.min(box.y1(), more.y1()),
                Math.max(box.x2(), more.x2()),
                Math.max(box.y2(), more.y2()));
        Mask own = part.detection().mask();
        mask = mask == null || own == null ? null : mask.or(own);
      }
      return new Detection(best.classId(), best.label(), best.confidence(), box, mask);
    }
  }
}
