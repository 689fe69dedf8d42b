/**
 * The command line: one command a file. The only place with JCommander, Logback, {@code
 * System.exit} and standard output.
 */
package org.mien.cli;
