namespace AllInOne.Actors;

public static class Placeholder;
