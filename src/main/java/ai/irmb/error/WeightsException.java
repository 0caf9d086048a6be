package ai.irmb.error;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Thrown if a weights file cannot be read, or its weights do not fit the network. */
public final class WeightsException extends IrmbException {
  private static final long serialVersionUID = 1L;

  private final transient List<WeightProblem> problems;

  /**
   * @param message one sentence: where, what was found, what was expected
   */
  public WeightsException(String message) {
    super(message, null);
    this.problems = List.of();
  }

  /**
   * @param message one sentence: where, what was found, what was expected
   * @param cause the underlying exception, or null
   */
  public WeightsException(String message, @Nullable Throwable cause) {
    super(message, cause);
    this.problems = List.of();
  }

  /**
   * @param message one sentence that names the first problem and counts the rest
   * @param problems all missing and unexpected parameters and shape mismatches; copied
   */
  public WeightsException(String message, List<WeightProblem> problems) {
    super(message, null);
    this.problems = List.copyOf(problems);
  }

  /** {@return the parameters that do not fit the network; empty if the file itself is faulty} */
  public List<WeightProblem> problems() {
    return problems == null ? List.of() : problems;
  }
}
