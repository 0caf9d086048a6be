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
 * From what slices see to what is in the image, by the rules of {@link Slices}. Immutable and safe
 * for concurrent use.
 *
 * @param iou whole views of a class that overlap by more are of one object
 * @param agnostic whether views of different classes compete as well
 * @param maxDetections at most so many stay
 */
record SliceMerge(double iou, boolean agnostic, int maxDetections) {
  /** What share of a cut view has to lie in another view. */
  private static final float SHARE = 0.5f;

  /** {@return what there is, best first; ties keep the order of views} */
  List<Detection> merge(List<View> views) {
    List<Detection> kept = new ArrayList<>();
    views.stream()
        .filter(Predicate.not(View::isCut))
        .sorted(View.BEST_FIRST)
        .map(View::detection)
        .forEach(d -> admit(d, kept));
    List<View> parts =
        views.stream()
            .filter(v -> v.isCut() && kept.stream().noneMatch(d -> holds(d, v)))
            .sorted(View.BEST_FIRST)
            .toList();
    joined(parts).forEach(d -> admit(d, kept));
    kept.sort(Comparator.comparing((Detection d) -> -d.confidence()));
    return kept.size() > maxDetections ? kept.subList(0, maxDetections) : kept;
  }

  private boolean compete(Detection a, Detection b) {
    return agnostic || a.classId() == b.classId();
  }

  private void admit(Detection d, List<Detection> kept) {
    if (kept.stream().noneMatch(k -> compete(k, d) && k.box().iou(d.box()) > iou)) {
      kept.add(d);
    }
  }

  private boolean holds(Detection whole, View part) {
    return compete(whole, part.detection())
        && whole.box().intersection(part.box()) > SHARE * part.box().area();
  }

  /** Two parts that may be of one object, and how well they agree. */
  private record Pair(int a, int b, float share) {}

  /**
   * The best pairs come first; a pair that would give an object two parts in a slice is not one.
   */
  private List<Detection> joined(List<View> parts) {
    List<Pair> pairs = pairs(parts);
    pairs.sort(Comparator.comparing((Pair p) -> -p.share()));
    List<Group> groups = new ArrayList<>();
    parts.forEach(part -> groups.add(new Group(part)));
    for (Pair pair : pairs) {
      Group a = groups.get(pair.a()).first();
      Group b = groups.get(pair.b()).first();
      if (a != b && !a.slices.intersects(b.slices)) {
        a.take(b);
      }
    }
    return groups.stream()
        .filter(group -> group.into == null)
        .map(Group::detection)
        .sorted(Comparator.comparing((Detection d) -> -d.confidence()))
        .toList();
  }

  /** The partner that each part would have in each other slice: few, however many parts. */
  private List<Pair> pairs(List<View> parts) {
    List<Map<Integer, Pair>> best = new ArrayList<>();
    parts.forEach(part -> best.add(new LinkedHashMap<>()));
    for (int a = 0; a < parts.size(); a++) {
      for (int b = a + 1; b < parts.size(); b++) {
        float share = share(parts.get(a), parts.get(b));
        if (share > SHARE) {
          Pair pair = new Pair(a, b, share);
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
    return b.share() > a.share() ? b : a;
  }

  /** How much of the smaller lies in the other, of what both slices see. */
  private float share(View a, View b) {
    if (a.slice() == b.slice() || !compete(a.detection(), b.detection())) {
      return 0;
    }
    Box first = clipped(a.box(), b.area());
    Box second = clipped(b.box(), a.area());
    if (first == null || second == null) {
      return 0;
    }
    float least = Math.min(first.area(), second.area());
    return least > 0 ? first.intersection(second) / least : 0;
  }

  private static @Nullable Box clipped(Box box, Box area) {
    float x1 = Math.max(box.x1(), area.x1());
    float y1 = Math.max(box.y1(), area.y1());
    float x2 = Math.min(box.x2(), area.x2());
    float y2 = Math.min(box.y2(), area.y2());
    return x1 < x2 && y1 < y2 ? new Box(x1, y1, x2, y2) : null;
  }

  /** The parts of one object, as they are found. */
  private static final class Group {
    private final List<View> parts = new ArrayList<>();
    private final BitSet slices = new BitSet();
    private @Nullable Group into;

    Group(View part) {
      parts.add(part);
      slices.set(part.slice());
    }

    Group first() {
      Group at = this;
      while (at.into != null) {
        at = at.into;
      }
      return at;
    }

    void take(Group other) {
      parts.addAll(other.parts);
      slices.or(other.slices);
      other.into = this;
    }

    Detection detection() {
      if (parts.size() == 1) {
        return parts.get(0).detection();
      }
      parts.sort(View.BEST_FIRST);
      Detection best = parts.get(0).detection();
      Box box = best.box();
      Mask mask = best.mask();
      for (View part : parts.subList(1, parts.size())) {
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
