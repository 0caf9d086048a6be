package ai.irmb.internal.checkpoint;

import static java.util.Objects.requireNonNull;

import ai.irmb.error.WeightsException;
import ai.irmb.internal.limit.MemoryBudget;
import ai.irmb.internal.weights.StateDict;
import ai.irmb.internal.weights.WeightFile;
import ai.irmb.internal.weights.safetensors.SafetensorsFile;
import ai.irmb.internal.weights.safetensors.SafetensorsReader;
import ai.irmb.internal.weights.torch.TorchFile;
import ai.irmb.limit.Limits;
import java.nio.file.Path;

/** Reads a file of weights, whichever of the known formats its first bytes show. */
public final class CheckpointReader {
  private CheckpointReader() {}

  /**
   * {@return what the file says}
   *
   * <p>Tensors that lie in order in the file are views of its bytes, which stay in memory with
   * them.
   *
   * @param path of a checkpoint, a state dict, or a safetensors file
   * @param limits bounds on what the file may ask for
   * @throws WeightsException if there is no such file, or it is damaged, ambiguous, hostile, beyond
   *     a limit, or of another format
   */
  public static Checkpoint read(Path path, Limits limits) {
    requireNonNull(limits, "limits");
    return read(WeightFile.open(requireNonNull(path, "path")), limits);
  }

  static Checkpoint read(WeightFile file, Limits limits) {
    try {
      return content(file, limits);
    } catch (OutOfMemoryError e) {
      // What was begun is garbage by now, and nothing else has seen it.
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
