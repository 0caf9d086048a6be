package ai.irmb.internal.weights.safetensors;

import ai.irmb.tensor.HostTensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The content of a safetensors file. Immutable, safe for concurrent use.
 *
 * @param metadata text values by key, in file order
 * @param tensors by name, in the header's order
 */
public record SafetensorsFile(Map<String, String> metadata, Map<String, HostTensor> tensors) {
  /** Copies the maps. */
  public SafetensorsFile {
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }
}
