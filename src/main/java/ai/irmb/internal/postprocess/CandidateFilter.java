package ai.irmb.internal.postprocess;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which of the head's rows become boxes. Immutable.
 *
 * @param confidence in [0, 1]; objectness, and objectness × class, must be strictly greater
 * @param multiLabel whether a row gives a box for each of its classes, instead of its best only; of
 *     no effect with a single class
 * @param classes wanted class numbers, or null for all; copied
 */
public record CandidateFilter(
    float confidence, boolean multiLabel, @Nullable Set<Integer> classes) {

  /**
   * @throws IllegalArgumentException if the confidence is not in [0, 1]
   */
  public CandidateFilter {
    if (!(confidence >= 0 && confidence <= 1)) {
      throw new IllegalArgumentException("confidence must be in [0, 1], not " + confidence);
    }
    classes = classes == null ? null : Set.copyOf(classes);
  }

  boolean wants(int classId) {
    return classes == null || classes.contains(classId);
  }
}
