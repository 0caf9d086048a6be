/**
 * JSON to and from plain Java values, strictly and within limits. Gson supplies the tokens;
 * nesting, repeated keys, memory and the range of numbers are checked here.
 */
@NullMarked
package ai.irmb.internal.json;

import org.jspecify.annotations.NullMarked;
