package ai.irmb.internal.engine;

import ai.djl.engine.EngineException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The engine's words for memory that is exhausted. DJL has one exception for everything that fails,
 * so its text decides.
 */
public final class DeviceMemory {
  /** Of PyTorch's allocators, of the CUDA runtime, and of the libraries with their own memory. */
  private static final List<String> MESSAGES =
      List.of(
          "out of memory",
          "CUBLAS_STATUS_ALLOC_FAILED",
          "CUDNN_STATUS_ALLOC_FAILED",
          "can't allocate memory",
          "not enough memory");

  private static final Pattern REQUEST =
      Pattern.compile("[Tt]ried to allocate ([0-9.]+ (?:[KMGT]iB|bytes))");
  private static final Pattern FREE =
      Pattern.compile("of which ([0-9.]+ (?:[KMGT]iB|bytes)) is free");

  private DeviceMemory() {}

  /** {@return whether the engine failed, here or in a cause, because memory was exhausted} */
  public static boolean isExhausted(Throwable failure) {
    return message(failure) != null;
  }

  /** {@return what the engine says of the memory, for a message; empty if nothing} */
  public static String describe(Throwable failure) {
    String message = String.valueOf(message(failure));
    Matcher request = REQUEST.matcher(message);
    Matcher free = FREE.matcher(message);
    return (request.find() ? "; the engine needed " + request.group(1) + " more" : "")
        + (free.find() ? "; " + free.group(1) + " are free" : "");
  }

  private static @Nullable String message(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      String message = t.getMessage();
      if (t instanceof EngineException
          && message != null
          && MESSAGES.stream().anyMatch(message::contains)) {
        return message;
      }
    }
    return null;
  }
}
