/**
 * A strict JSON reader with limits, and a writer. Gson supplies the tokens; nesting, duplicate
 * keys, memory and the range of numbers are checked here.
 */
@NullMarked
package ai.irmb.internal.json;

import org.jspecify.annotations.NullMarked;
