package ai.irmb.internal.weights;

import static java.util.Objects.requireNonNull;

import ai.irmb.tensor.HostTensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Parameters and buffers by their PyTorch keys, in file order. Immutable, safe for concurrent use.
 *
 * @param source name of the file, for error messages
 * @param tensors by key, such as {@code model.0.conv.weight}
 */
public record StateDict(String source, Map<String, HostTensor> tensors) {
  /** Copies the map. */
  public StateDict {
    requireNonNull(source, "source");
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }
}
