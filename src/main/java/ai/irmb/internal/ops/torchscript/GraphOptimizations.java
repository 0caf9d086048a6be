package ai.irmb.internal.ops.torchscript;

import java.util.List;

/** What is done to a graph before it is printed. */
final class GraphOptimizations {
  private GraphOptimizations() {}

  /** {@return the results, made in a quicker way} */
  static List<Symbol> apply(List<Symbol> results, Backend backend) {
    return PairInputColumns.apply(FuseResidualAdd.apply(results, backend), backend);
  }
}
