package ai.irmb.internal.execution;

import ai.irmb.error.InferenceException;
import ai.irmb.internal.postprocess.CandidateFilter;
import ai.irmb.tensor.DType;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs in a type that is narrower than single precision, and again in single precision if the
 * results contain NaN or infinity: boxes would vanish without a word. The first such batch is a
 * warning. Without a second execution, each is an error.
 */
final class PrecisionGuard implements Execution {
  private final String model;
  private final DType type;
  private final Execution narrow;
  private final @Nullable Execution single;
  private final Consumer<String> warning;
  private final AtomicBoolean hasWarned = new AtomicBoolean();

  /**
   * @param model the name for messages
   * @param type F16 or BF16
   * @param narrow computes in the type
   * @param single computes in single precision, or null if results that are not finite are errors
   * @param warning receives one warning at most
   */
  PrecisionGuard(
      String model,
      DType type,
      Execution narrow,
      @Nullable Execution single,
      Consumer<String> warning) {
    this.model = model;
    this.type = type;
    this.narrow = narrow;
    this.single = single;
    this.warning = warning;
  }

  @Override
  public List<ImageResult> run(Batch batch, CandidateFilter filter) {
    try {
      return narrow.run(batch, filter);
    } catch (NonFiniteException e) {
      if (single == null) {
        throw new InferenceException(message(batch), e);
      }
      if (hasWarned.compareAndSet(false, true)) {
        warning.accept(
            message(batch) + "; this batch, and each later one like it, is computed in fp32 again");
      }
      return single.run(batch, filter);
    }
  }

  private String message(Batch batch) {
    return String.format(
        Locale.ROOT,
        "%s: precision %s gave NaN or infinity on a batch of %d x 3 x %d x %d; %s",
        model,
        type == DType.F16 ? "fp16" : "bf16",
        batch.count(),
        batch.height(),
        batch.width(),
        type == DType.F16
            ? "it has no numbers above 65504; use bf16, which has, or fp32"
            : "use fp32");
  }

  @Override
  public void close() {
    narrow.close();
    if (single != null) {
      single.close();
    }
  }
}
