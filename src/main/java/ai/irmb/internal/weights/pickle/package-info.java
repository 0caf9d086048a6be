/**
 * A reader of Python pickles, protocols 0 to 5, that yields inert values: nothing is looked up,
 * imported or called.
 *
 * <table>
 * <caption>The parts of the reader</caption>
 * <tr><th>in the stream</th><th>meaning</th><th>class</th></tr>
 * <tr><td>opcode byte</td><td>one instruction</td><td>{@code Opcode}</td></tr>
 * <tr><td>arguments</td><td>lengths, lines, numbers, text</td><td>{@code PickleInput}, {@code
 *     Literals}</td></tr>
 * <tr><td>stack, marks</td><td>values under construction</td><td>{@code PickleStack}</td></tr>
 * <tr><td>memo</td><td>values by index</td><td>{@code PickleMemo}</td></tr>
 * <tr><td>REDUCE, INST, OBJ, NEWOBJ</td><td>calls and instances</td><td>{@code Calls}</td></tr>
 * <tr><td>names of globals</td><td>the names that may be called</td><td>{@code
 *     AllowedCalls}</td></tr>
 * <tr><td>the result</td><td>inert values</td><td>{@link
 *     ai.irmb.internal.weights.pickle.PickleValue}</td></tr>
 * </table>
 */
@NullMarked
package ai.irmb.internal.weights.pickle;

import org.jspecify.annotations.NullMarked;
