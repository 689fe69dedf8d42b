/**
 * Which processor or GPU networks run on: what a driver reports, what this build can use of it, and
 * what the user wants. Pure values apart from {@link org.mien.model.hardware.DriverProbe}, which
 * asks the machine; no networks here.
 */
package org.mien.model.hardware;
