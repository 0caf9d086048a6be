package ai.irmb.internal.postprocess;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** A naive version of YOLOv5's {@code non_max_suppression}. */
final class NmsOracle {
  private NmsOracle() {}

  /** One candidate. */
  record Candidate(float x1, float y1, float x2, float y2, float score, int classId, int source) {}

  /** {@return the candidates among decoded predictions, x y w h objectness classes …} */
  static List<Candidate> candidates(
      float[] decoded, int start, int rows, int classes, int values, CandidateFilter filter) {
    List<Candidate> selected = new ArrayList<>();
    for (int r = 0; r < rows; r++) {
      int at = start + r * values;
      float objectness = decoded[at + 4];
      if (!(objectness > filter.confidence())) {
        continue;
      }
      float[] scores = new float[classes];
      int best = 0;
      for (int c = 0; c < classes; c++) {
        scores[c] = decoded[at + 5 + c] * objectness;
        best = scores[c] > scores[best] ? c : best;
      }
      for (int c = 0; c < classes; c++) {
        boolean counts = (filter.multiLabel() && classes > 1) || c == best;
        if (counts && scores[c] > filter.confidence() && filter.accepts(c)) {
          float x = decoded[at];
          float y = decoded[at + 1];
          float w = decoded[at + 2] / 2;
          float h = decoded[at + 3] / 2;
          selected.add(new Candidate(x - w, y - h, x + w, y + h, scores[c], c, r));
        }
      }
    }
    return selected;
  }

  /** {@return the boxes that are kept, by comparing every pair} */
  static List<Candidate> suppress(List<Candidate> candidates, Nms nms) {
    List<Candidate> sorted = new ArrayList<>(candidates);
    sorted.sort(Comparator.comparing((Candidate row) -> -row.score()));
    sorted = sorted.subList(0, Math.min(sorted.size(), nms.maxCandidates()));
    boolean[] isRemoved = new boolean[sorted.size()];
    List<Candidate> kept = new ArrayList<>();
    for (int i = 0; i < sorted.size(); i++) {
      if (isRemoved[i]) {
        continue;
      }
      kept.add(sorted.get(i));
      for (int j = i + 1; j < sorted.size(); j++) {
        isRemoved[j] |= iou(sorted.get(i), sorted.get(j), nms.classAgnostic()) > nms.iouThreshold();
      }
    }
    return kept.subList(0, Math.min(kept.size(), nms.maxDetections()));
  }

  private static float iou(Candidate a, Candidate b, boolean classAgnostic) {
    float oa = classAgnostic ? 0 : a.classId() * 7680f;
    float ob = classAgnostic ? 0 : b.classId() * 7680f;
    float areaA = ((a.x2 + oa) - (a.x1 + oa)) * ((a.y2 + oa) - (a.y1 + oa));
    float areaB = ((b.x2 + ob) - (b.x1 + ob)) * ((b.y2 + ob) - (b.y1 + ob));
    float w = Math.max(0, Math.min(a.x2 + oa, b.x2 + ob) - Math.max(a.x1 + oa, b.x1 + ob));
    float h = Math.max(0, Math.min(a.y2 + oa, b.y2 + ob) - Math.max(a.y1 + oa, b.y1 + ob));
    float intersection = w * h;
    return intersection / (areaA + areaB - intersection);
  }

  static ScoredBoxes toScoredBoxes(List<Candidate> rows) {
    ScoredBoxesBuilder builder = new ScoredBoxesBuilder(rows.size(), 0);
    for (Candidate row : rows) {
      int at = 4 * builder.add(row.score(), row.classId(), row.source());
      builder.boxes()[at] = row.x1();
      builder.boxes()[at + 1] = row.y1();
      builder.boxes()[at + 2] = row.x2();
      builder.boxes()[at + 3] = row.y2();
    }
    return builder.build();
  }

  static void assertSame(List<Candidate> expected, ScoredBoxes actual, float tolerance) {
    ScoredBoxes expectedBoxes = toScoredBoxes(expected);
    int n = expectedBoxes.count();
    assertEquals(n, actual.count());
    assertArrayEquals(
        Arrays.copyOf(expectedBoxes.sources(), n), Arrays.copyOf(actual.sources(), n));
    assertArrayEquals(
        Arrays.copyOf(expectedBoxes.classes(), n), Arrays.copyOf(actual.classes(), n));
    assertArrayEquals(
        Arrays.copyOf(expectedBoxes.scores(), n), Arrays.copyOf(actual.scores(), n), tolerance);
    assertArrayEquals(
        Arrays.copyOf(expectedBoxes.boxes(), 4 * n),
        Arrays.copyOf(actual.boxes(), 4 * n),
        1e3f * tolerance);
  }

  static void assertSameCandidates(
      float[] decoded,
      int start,
      int rows,
      int classes,
      int values,
      HeadDecoder decoder,
      List<LevelOutput> outputs,
      int image) {
    for (float confidence : new float[] {0.001f, 0.25f}) {
      for (boolean multiLabel : new boolean[] {false, true}) {
        CandidateFilter filter = new CandidateFilter(confidence, multiLabel, null);
        List<Candidate> expected = candidates(decoded, start, rows, classes, values, filter);
        assertSame(expected, decoder.candidates(outputs, filter).get(image), 1e-6f);
      }
    }
  }
}
