package adit.control;

/** What a caller may do; each role may do what those before it may. */
public enum Role {
    /** Only what a token says. */
    NONE("none"),
    /** Look. */
    READ_ONLY("read-only"),
    /** Set tunnels up, use and close them, say who may use them. */
    OPERATOR("operator"),
    /** Everything, the config included. The daemon's own user and root always have it. */
    ADMIN("admin");

    private final String word;

    Role(String word) {
        this.word = word;
    }

    /** As the config has it: "read-only". */
    @Override public String toString() {
        return word;
    }

    /** Null when there is none of that name. */
    public static Role named(String word) {
        for (Role role : values()) {
            if (role.word.equals(word)) {
                return role;
            }
        }
        return null;
    }

    /** Whether it may do what the other may. */
    public boolean covers(Role other) {
        return compareTo(other) >= 0;
    }
}
