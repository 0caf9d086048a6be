/** What a file from outside may ask for. */
@NullMarked
package ai.irmb.limit;

import org.jspecify.annotations.NullMarked;
