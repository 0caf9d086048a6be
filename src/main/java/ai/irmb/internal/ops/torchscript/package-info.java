/**
 * The compiled interpretation: a small compiler from blocks to a TorchScript program that the
 * PyTorch engine runs. The stages, in the order in which data passes through them:
 *
 * <ol>
 *   <li>Blocks call {@link ai.irmb.internal.ops.torchscript.ScriptOps}, which builds a graph of
 *       {@link ai.irmb.internal.ops.torchscript.Symbol}s. Each has an {@code Instruction} and the
 *       symbols that are its inputs.
 *   <li>{@code GraphOptimizations} rewrite the graph: {@code FuseResidualAdd}, then {@code
 *       PairInputColumns}.
 *   <li>{@code ScriptSource} prints the methods of the program. {@code ScriptPrinter} brings the
 *       symbols into {@code TopologicalOrder} and gives each a variable; an {@code
 *       InstructionPrinter} prints one instruction. A {@code Backend} prints what depends on the
 *       {@link ai.irmb.internal.ops.torchscript.ScriptTarget}. {@code WeightList} collects the
 *       {@code WeightExpression}s that the program refers to as {@code w[i]}; {@code SizeArguments}
 *       moves the sizes that depend on the input shape out of the text, to {@code s[i]}.
 *   <li>{@code ScriptModule} stores the source in a {@code ScriptArchive} and loads it in the
 *       engine, once for all input shapes ({@code SharedModule}). Meanwhile, {@code WeightStore}
 *       prepares the weights with a {@code WeightProgram}, and {@code KernelLayouts} the kernels of
 *       convolutions in the layouts that are fastest for the input shape.
 *   <li>{@code ScriptProgram} is the loaded program with its sizes and weights. {@link
 *       ai.irmb.internal.ops.torchscript.CompiledNetwork} has one per input shape, and runs it on
 *       {@link ai.irmb.internal.ops.torchscript.ImageTensor}s.
 * </ol>
 *
 * <p>For example, this network, in which {@code down} is a 3 × 3 convolution with stride 2 and
 * SiLU, and {@code linear} a pointwise one:
 *
 * <pre>{@code
 * private List<Symbol> network(ScriptOps ops, Symbol image) {
 *   Symbol x = ops.conv2d(image, down);
 *   Symbol y = ops.add(x, ops.conv2d(x, linear));
 *   Symbol pooled = ops.maxPool2d(y, 2, 2, 0, false);
 *   return List.of(ops.concat(List.of(pooled, ops.activation(pooled, Activation.RELU))));
 * }
 * }</pre>
 *
 * <p>becomes this method of a program for x86, here with line breaks. The first convolution
 * includes its activation, the second the sum:
 *
 * <pre>{@code
 * def body(__self__, x: Tensor, w: List[Tensor], s: List[int]) -> List[Tensor]:
 *   v0 = x
 *   v1 = ops.mkldnn._convolution_pointwise(v0, w[0], w[1], [1, 1], [2, 2], [1, 1], 1,
 *       "swish", annotate(List[Optional[number]], []), "")
 *   v2 = ops.mkldnn._convolution_pointwise(v1, v1, w[2], w[3], [0, 0], [1, 1], [1, 1], 1,
 *       "add", None, None, annotate(List[Optional[number]], []), None)
 *   v3 = torch.max_pool2d(v2, [2, 2], [2, 2], [0, 0], [1, 1], False)
 *   v4 = torch.relu(v3)
 *   v5 = torch.cat([v3, v4], 1)
 *   return [v5]
 * }</pre>
 *
 * <table>
 * <caption>An archive is a zip of stored entries</caption>
 * <tr><th>entry</th><th>meaning</th></tr>
 * <tr><td>archive/data.pkl</td><td>a pickled, empty module of the class {@code __torch__.M}</td></tr>
 * <tr><td>archive/constants.pkl</td><td>a pickled empty tuple</td></tr>
 * <tr><td>archive/version</td><td>{@code 6}</td></tr>
 * <tr><td>archive/code/__torch__.py</td><td>the class and its methods</td></tr>
 * </table>
 */
@NullMarked
package ai.irmb.internal.ops.torchscript;

import org.jspecify.annotations.NullMarked;
