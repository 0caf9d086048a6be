package ai.irmb.track;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.Box;
import ai.irmb.Detection;
import ai.irmb.Detections;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Videos whose identities are known. */
@Tag("fast")
@net.jqwik.api.Tag("fast")
class TrackerTest {
  private static Detection seen(int classId, double confidence, double x, double y) {
    return new Detection(
        classId,
        "class " + classId,
        (float) confidence,
        new Box((float) x, (float) y, (float) x + 40, (float) y + 60));
  }

  private static List<Detection> update(Tracker tracker, List<Detection> next) {
    return tracker.update(new Detections(2000, 2000, 640, 640, next)).list();
  }

  private static int id(Detection tracked) {
    return requireNonNull(tracked.trackId());
  }

  private static List<Integer> ids(List<Detection> tracked) {
    return tracked.stream().map(TrackerTest::id).toList();
  }

  private static Detection untracked(Detection d) {
    return new Detection(d.classId(), d.label(), d.confidence(), d.box(), d.mask());
  }

  /** An object that moves by less than its size from image to image. */
  private static final class Walker {
    private final int classId;
    private final double lane;
    private final double speed;
    private final int entry;
    private final int exit;
    private final int hidden;

    Walker(Random random, int lane, int images) {
      this.classId = random.nextInt(2);
      this.lane = 100 * lane;
      this.speed = 24 * random.nextDouble() - 12;
      this.entry = random.nextInt(images / 3);
      this.exit = images - random.nextInt(images / 4);
      this.hidden = entry + 15 + random.nextInt(10);
    }

    /** Not for five images in the middle. */
    boolean isSeen(int image) {
      return image >= entry && image < exit && (image < hidden || image >= hidden + 5);
    }

    Detection detection(Random random, int image) {
      double x = 1000 + speed * image + 4 * random.nextDouble();
      double y = lane + 10 * Math.sin(image / 9.0) + 4 * random.nextDouble();
      // Half hidden, but not just when it shows itself again.
      boolean isUnsure = image > entry + 5 && image % 11 == 0 && image != hidden + 5;
      return seen(classId, isUnsure ? 0.15 : 0.3 + 0.6 * random.nextDouble(), x, y);
    }
  }

  /** Boxes do not overlap, so nothing may be confused: through noise, gaps and unsure images. */
  @Property(tries = 60)
  void everyObjectKeepsOneIdentity(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int count) {
    Random random = new Random(seed);
    int images = 90;
    List<Walker> walkers = new ArrayList<>();
    for (int lane = 0; lane < count; lane++) {
      walkers.add(new Walker(random, lane, images));
    }
    Tracker tracker = new Tracker();
    Map<Integer, Integer> walkerOf = new HashMap<>();
    Map<Integer, Integer> idOf = new HashMap<>();
    for (int image = 0; image < images; image++) {
      Map<Detection, Integer> truth = new HashMap<>();
      for (int w = 0; w < count; w++) {
        if (walkers.get(w).isSeen(image)) {
          truth.put(walkers.get(w).detection(random, image), w);
        }
      }
      List<Detection> mixed = new ArrayList<>(truth.keySet());
      Collections.shuffle(mixed, random);
      Set<Integer> shown = new HashSet<>();
      for (Detection d : update(tracker, mixed)) {
        int walker = truth.getOrDefault(untracked(d), -1);
        assertEquals(walker, walkerOf.computeIfAbsent(id(d), id -> walker));
        assertEquals(id(d), idOf.computeIfAbsent(walker, w -> id(d)));
        shown.add(walker);
      }
      for (int w : truth.values()) {
        boolean isNew = image == walkers.get(w).entry && image > 0;
        assertEquals(!isNew, shown.contains(w), "walker " + w + " in image " + image);
      }
    }
    assertEquals(count, walkerOf.size());
  }

  /** Whatever is given: each detection at most once, ids never twice in an image, sure ones new. */
  @Property(tries = 100)
  void nonsenseGivesNoNonsense(@ForAll long seed) {
    Random random = new Random(seed);
    Tracker tracker = new Tracker();
    int most = 0;
    for (int image = 0; image < 20; image++) {
      List<Detection> found = new ArrayList<>();
      for (int i = random.nextInt(12); i > 0; i--) {
        float x = random.nextInt(60);
        float y = random.nextInt(60);
        Box box = new Box(x, y, x + random.nextInt(60), y + random.nextInt(60));
        found.add(new Detection(random.nextInt(2), "any", random.nextFloat(), box));
      }
      if (!found.isEmpty() && random.nextBoolean()) {
        found.add(found.get(0));
      }
      List<Detection> tracks = update(tracker, found);
      assertEquals(tracks.size(), new HashSet<>(ids(tracks)).size());
      int at = 0;
      for (Detection d : tracks) {
        while (at < found.size() && !found.get(at).equals(untracked(d))) {
          at++;
        }
        assertTrue(at++ < found.size(), "in the order of detections, each once");
        assertTrue(id(d) <= most + found.size());
        most = Math.max(most, id(d));
      }
    }
  }

  @Test
  void objectIsFoundAgainWhereItWouldBe() {
    Tracker tracker = new Tracker();
    for (int image = 0; image < 12; image++) {
      assertEquals(List.of(1), ids(update(tracker, List.of(seen(0, 0.8, 15 * image, 0)))));
    }
    for (int image = 12; image < 24; image++) {
      assertEquals(List.of(), update(tracker, List.of()));
    }
    // It was hidden for 12 images, in which it went on by 180 pixels, over four times its width.
    assertEquals(List.of(1), ids(update(tracker, List.of(seen(0, 0.8, 15 * 24, 0)))));
  }

  @Test
  void objectIsForgottenAfterItsTime() {
    Tracker tracker = new Tracker(TrackOptions.DEFAULTS.withMaxMissedFrames(3));
    Detection still = seen(0, 0.8, 100, 100);
    assertEquals(List.of(1), ids(update(tracker, List.of(still))));
    for (int i = 0; i < 3; i++) {
      update(tracker, List.of());
    }
    assertEquals(List.of(1), ids(update(tracker, List.of(still))));
    for (int i = 0; i < 4; i++) {
      update(tracker, List.of());
    }
    assertEquals(List.of(), update(tracker, List.of(still)));
    assertEquals(List.of(2), ids(update(tracker, List.of(still))));
  }

  @Test
  void classesInOnePlaceAreTwoObjects() {
    Tracker tracker = new Tracker();
    for (int image = 0; image < 20; image++) {
      // They cross, and are given in either order.
      List<Detection> both =
          new ArrayList<>(List.of(seen(0, 0.8, 10 * image, 0), seen(1, 0.7, 200 - 10 * image, 0)));
      if (image % 2 == 1) {
        Collections.reverse(both);
      }
      for (Detection d : update(tracker, both)) {
        assertEquals(d.classId() + 1, id(d));
      }
    }
  }

  @Test
  void unsureDetectionGoesOnButBeginsNothing() {
    Tracker tracker = new Tracker();
    assertEquals(List.of(), update(tracker, List.of(seen(0, 0.15, 0, 0))));
    update(tracker, List.of(seen(0, 0.8, 0, 0)));
    assertEquals(List.of(1), ids(update(tracker, List.of(seen(0, 0.8, 2, 0)))));
    assertEquals(List.of(1), ids(update(tracker, List.of(seen(0, 0.15, 4, 0)))));
    assertEquals(List.of(), update(tracker, List.of(seen(0, 0.05, 6, 0))));
    // Now it is lost, and only a sure detection finds it again.
    assertEquals(List.of(), update(tracker, List.of(seen(0, 0.15, 8, 0))));
    assertEquals(List.of(1), ids(update(tracker, List.of(seen(0, 0.8, 10, 0)))));
  }

  @Test
  void flickerIsNoObject() {
    Tracker tracker = new Tracker();
    update(tracker, List.of());
    assertEquals(List.of(), update(tracker, List.of(seen(0, 0.9, 0, 0))));
    assertEquals(List.of(), update(tracker, List.of()));
    assertEquals(List.of(), update(tracker, List.of(seen(0, 0.9, 0, 0))));
    assertEquals(List.of(1), ids(update(tracker, List.of(seen(0, 0.9, 0, 0)))));
  }

  @Test
  void optionsOutOfRangeAreNamed() {
    for (Runnable wrong :
        List.<Runnable>of(
            () -> new TrackOptions(0.5, 0.6, 0.7, 0.2, 30),
            () -> new TrackOptions(0.5, 0.1, 0.4, 0.2, 30),
            () -> TrackOptions.DEFAULTS.withMinIou(Double.NaN),
            () -> TrackOptions.DEFAULTS.withMaxMissedFrames(-1))) {
      String message =
          String.valueOf(assertThrows(IllegalArgumentException.class, wrong::run).getMessage());
      assertTrue(
          message.matches("(highThreshold|startThreshold|minIou|maxMissedFrames): expected .*"),
          message);
    }
  }
}
