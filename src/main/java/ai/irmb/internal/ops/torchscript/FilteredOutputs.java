package ai.irmb.internal.ops.torchscript;

import ai.irmb.tensor.HostTensor;
import java.util.List;

/**
 * The outputs of a network, with only the candidates of the heads whose objectness passes a
 * threshold. Immutable, except for the arrays.
 *
 * @param heads the candidates of each detection head
 * @param maps the other outputs (mask prototypes), complete and in single precision
 * @param isFinite false if the network computed NaN or infinity in a type narrower than single
 *     precision, which is not checked
 */
public record FilteredOutputs(List<HeadCandidates> heads, List<HostTensor> maps, boolean isFinite) {
  /** Copies the lists. */
  public FilteredOutputs {
    heads = List.copyOf(heads);
    maps = List.copyOf(maps);
  }
}
