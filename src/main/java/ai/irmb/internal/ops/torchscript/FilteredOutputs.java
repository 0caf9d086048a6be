package ai.irmb.internal.ops.torchscript;

import ai.irmb.tensor.HostTensor;
import java.util.List;

/**
 * What a network found. Immutable but for the arrays in it.
 *
 * @param heads the boxes that passed, a list for each detection head
 * @param maps the results beyond the heads (mask prototypes), whole and in single precision
 */
public record FilteredOutputs(List<HeadCandidates> heads, List<HostTensor> maps) {
  /** Copies the lists. */
  public FilteredOutputs {
    heads = List.copyOf(heads);
    maps = List.copyOf(maps);
  }
}
