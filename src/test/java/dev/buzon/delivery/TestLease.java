package dev.buzon.delivery;

import dev.buzon.database.Lease;
import java.io.IOException;
import java.sql.Connection;

/** A lease of a number, which can be told to be lost after it was asked for so many times. */
final class TestLease implements Lease {

    private long number;
    private long held = Long.MAX_VALUE;

    TestLease(long number) {
        this.number = number;
    }

    /** From now on. */
    void loseAfter(long times) {
        held = times;
    }

    void takeBack() {
        held = Long.MAX_VALUE;
    }

    /** Another has taken it, under the next number. */
    void take(long next) {
        number = next;
    }

    @Override
    public boolean take() {
        return true;
    }

    @Override
    public boolean isHeld() {
        return held > 0;
    }

    @Override
    public long number() {
        return number;
    }

    @Override
    public String holder() {
        return null;
    }

    @Override
    public void fence(Connection connection) {}

    @Override
    public void expectHeld() throws IOException {
        if (held-- <= 0) {
            throw new IOException("The lease is lost.");
        }
    }

    @Override
    public void close() {}
}
