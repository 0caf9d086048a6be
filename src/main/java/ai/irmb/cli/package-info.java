/** The command line: what a person does without writing Java. Needs picocli. */
@NullMarked
package ai.irmb.cli;

import org.jspecify.annotations.NullMarked;
