package ai.irmb.error;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A checkpoint, state dict or safetensors file cannot be read, or does not fit the network. */
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
   * @param cause what was thrown underneath, or null
   */
  public WeightsException(String message, @Nullable Throwable cause) {
    super(message, cause);
    this.problems = List.of();
  }

  /**
   * @param message one sentence that names the first problem and counts the rest
   * @param problems every parameter that is missing, surplus or misshapen; copied
   */
  public WeightsException(String message, List<WeightProblem> problems) {
    super(message, null);
    this.problems = List.copyOf(problems);
  }

  /**
   * {@return each parameter that does not fit the network; empty when the file itself is at fault}
   */
  public List<WeightProblem> problems() {
    return problems == null ? List.of() : problems;
  }
}
