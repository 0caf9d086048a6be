package ai.irmb.internal.checkpoint;

import static java.util.Objects.requireNonNull;

import ai.irmb.error.WeightsException;
import ai.irmb.internal.file.InputResource;
import ai.irmb.internal.limit.MemoryBudget;
import ai.irmb.internal.weights.StateDict;
import ai.irmb.internal.weights.WeightFile;
import ai.irmb.internal.weights.safetensors.SafetensorsFile;
import ai.irmb.internal.weights.safetensors.SafetensorsReader;
import ai.irmb.internal.weights.torch.TorchFile;
import ai.irmb.limit.Limits;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Reads a weights file; its first bytes decide the format. */
public final class CheckpointReader {
  private CheckpointReader() {}

  /**
   * {@return the content of the file}
   *
   * <p>Contiguous tensors are views of the file's bytes, which stay in memory as long as they do.
   *
   * @param path of a checkpoint, a state dict, or a safetensors file
   * @param limits bounds the size of the file's parts
   * @throws WeightsException if there is no such file, or it is damaged, ambiguous, malicious,
   *     exceeds a limit, or has another format
   */
  public static Checkpoint read(Path path, Limits limits) {
    requireNonNull(limits, "limits");
    return read(WeightFile.open(requireNonNull(path, "path"), limits), limits);
  }

  /**
   * {@return the content of a resource}
   *
   * @throws WeightsException as {@link #read(Path, Limits)}
   */
  public static Checkpoint read(InputResource resource, Limits limits) {
    return read(WeightFile.open(resource, limits), limits);
  }

  /**
   * {@return the tensors of the file, without anything else; they need not be those of a detector}
   *
   * @throws WeightsException as {@link #read(Path, Limits)}
   */
  public static Checkpoint readTensors(Path path, Limits limits) {
    Checkpoint content = read(WeightFile.open(path, limits), limits);
    return new Checkpoint(content.weights(), null, null, Map.of(), List.of(), List.of(), null);
  }

  static Checkpoint read(WeightFile file, Limits limits) {
    try {
      return content(file, limits);
    } catch (OutOfMemoryError e) {
      // All partial results are garbage by now, so the JVM can continue.
      throw new WeightsException(
          file.name() + ": there is not enough memory to read it; raise -Xmx", e);
    }
  }

  private static Checkpoint content(WeightFile file, Limits limits) {
    if (TorchFile.isZip(file) || TorchFile.isLegacy(file)) {
      return PickledCheckpoint.read(file, limits);
    }
    if (SafetensorsReader.matches(file)) {
      return safetensors(file, limits);
    }
    throw UnsupportedFormats.error(file);
  }

  private static Checkpoint safetensors(WeightFile file, Limits limits) {
    MemoryBudget budget = new MemoryBudget(file.size());
    SafetensorsFile content = SafetensorsReader.read(file, limits, budget);
    StateDict weights =
        new StateDict(file.name(), StateDictKeys.stripWrapperPrefixes(content.tensors()));
    return CheckpointMetadata.checkpoint(weights, content.metadata(), limits, budget);
  }
}
