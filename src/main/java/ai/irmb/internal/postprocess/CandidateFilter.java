package ai.irmb.internal.postprocess;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Selects the predictions that become boxes. Immutable.
 *
 * @param confidence in [0, 1]; objectness and objectness × class probability must be greater
 * @param multiLabel whether a prediction gives a box for each class that passes, instead of only
 *     the best; no effect with a single class
 * @param classes accepted class ids, or null for all; copied
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

  boolean accepts(int classId) {
    return classes == null || classes.contains(classId);
  }
}
