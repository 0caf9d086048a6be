package ai.irmb.internal.ops.torchscript;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** The map that windows were cut from, without the rows and columns beyond its shape. */
record FromWindows() implements Step {
  @Override
  public void print(Statement out) {
    Symbol source = out.symbol().inputs().get(0);
    Windows windows = requireNonNull(source.windows(), "windows");
    int n = source.size(0);
    int c = source.size(1);
    int h = out.symbol().size(2);
    int w = out.symbol().size(3);
    String cut =
        out.let(
            Code.reshape(
                Code.channelsInnermost(out.input(0)),
                n,
                windows.rows(),
                windows.columns(),
                windows.height(),
                windows.width(),
                c));
    String map = out.let(Code.fill("torch.new_empty(%s, %s)", cut, Code.list(n, h, w, c)));
    List<WindowPieces.Piece> pieces = WindowPieces.of(windows, h, w);
    for (WindowPieces.Piece piece : pieces) {
      out.let("torch.copy_(" + piece.ofMap(map, n, c) + ", " + piece.ofWindows(cut) + ")");
    }
    out.result(Code.channelsSecond(map));
  }
}
